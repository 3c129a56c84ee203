"""Pages: the queue, a request, its state by number and its customer's page, at 1, 8 and 32 clients, two web workers."""

from __future__ import annotations

import sys
from typing import Any

from benches import samples
from benches.databases import Prepared
from benches.web import add_engineer, serving

CLIENTS = (1, 8, 32)
WARMING = 1.0  # seconds
AIMS = {  # CPU ms a page: SQLite, PostgreSQL
    "queue": (12, 15),
    "request": (8, 12),
    "status": (4, 5),
}


def measure(prepared: Prepared, *, seconds: float, clients: tuple[int, ...] = CLIENTS) -> list[dict[str, Any]]:
    """One row a page and number of clients."""
    password, chosen = add_engineer(prepared), samples.take(prepared)
    rows = []
    with serving(prepared) as web:
        cookie = web.sign_in(password)
        pages = {
            "queue": (["/queue"], cookie),
            "request": ([f"/tickets/{number}" for number in chosen.long], cookie),
            "status": ([f"/status?number={number}" for number in chosen.any], ""),
            "customer's page": ([f"/r/{link}" for link in chosen.links], ""),
        }
        for name, (paths, held) in pages.items():
            web.browse(paths, held, 4, WARMING)
            for count in clients:
                told = web.browse(paths, held, count, seconds)
                if set(told["statuses"]) != {"200"}:
                    sys.exit(f"{name}: not every answer was 200: {told['statuses']}")
                rows.append({"database": prepared.kind, "size": prepared.size, "page": name, **told})
                print(_line(rows[-1]), file=sys.stderr, flush=True)
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    """All rows, with the aim where there is one."""
    head = f"{'database':9}{'requests':>9} {'page':16}{'clients':>8}{'p50 ms':>9}{'p95 ms':>9}{'pages/s':>9}"
    return [f"{head}{'CPU ms':>8}{'web':>7}{'db':>7}{'aim':>6}", *(_line(row) for row in rows)]


def _line(row: dict[str, Any]) -> str:
    aims = AIMS.get(row["page"])
    aim = str(aims[row["database"] != "sqlite"]) if aims else ""
    return (
        f"{row['database']:9}{row['size']:>9} {row['page']:16}{row['clients']:>8}{row['p50']:>9.1f}{row['p95']:>9.1f}"
        f"{row['per_second']:>9.1f}{row['cpu']:>8.1f}{row['cpu_web']:>7.1f}{row['cpu_database']:>7.1f}{aim:>6}"
    )
