"""Memory: the proportional share of every process of the whole desk, after its pages were used."""

from __future__ import annotations

from typing import Any

from benches import processes, samples
from benches.databases import Prepared
from benches.desk import running
from benches.web import add_engineer

AIM_MB = 400


def measure(prepared: Prepared) -> list[dict[str, Any]]:
    """One row a process, and one for the sum; PostgreSQL's own processes stand beside it."""
    password, chosen = add_engineer(prepared), samples.take(prepared)
    with running(prepared) as desk:
        cookie = desk.sign_in(password)
        desk.browse(["/queue", *(f"/tickets/{number}" for number in chosen.long)], cookie, 8, 3)
        desk.browse([f"/status?number={number}" for number in chosen.any], "", 8, 2)
        own = sorted(processes.memory(processes.family(desk.pid)), key=lambda row: -row[1])
        beside = processes.family(prepared.postmaster) if prepared.postmaster else []
        database = sum(share for _, share in processes.memory(beside))
    rows = [_row(prepared, name, share) for name, share in own]
    rows.append(_row(prepared, "the whole desk", sum(share for _, share in own)))
    if prepared.postmaster:
        rows.append(_row(prepared, "PostgreSQL beside it", database))
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    lines = [f"{row['database']:9}{row['size']:>9} {row['megabytes']:>7.1f} MB  {row['process']}" for row in rows]
    return [*lines, f"aim: the whole desk under {AIM_MB} MB"]


def _row(prepared: Prepared, name: str, megabytes: float) -> dict[str, Any]:
    return {"database": prepared.kind, "size": prepared.size, "process": name, "megabytes": megabytes}
