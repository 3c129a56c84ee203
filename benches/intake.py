"""Intake: requests accepted by the form, letters accepted by SMTP, letters filed; durably, as always."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from benches.databases import ROOT, Prepared
from benches.desk import Desk, running
from benches.samples import Ledger

CLIENTS = 8
FILED_WITHIN = 120.0  # seconds
AIMS = {"letters accepted": 200, "letters filed": 60}


def measure(prepared: Prepared, *, letters: int, seconds: float) -> list[dict[str, Any]]:
    """Rows: what, how many a second."""
    with running(prepared) as desk:
        begun = desk.all_cpu()
        forms = send(desk, {"road": "form", "seconds": seconds})
        by_forms = desk.all_cpu() - begun
        ledger = Ledger(desk.prepared)
        before, begun, started = ledger.filed(), desk.all_cpu(), time.monotonic()
        sent = send(desk, {"road": "smtp", "letters": letters})
        filed, spent = await_filing(ledger, before + sent["accepted"], started)
        by_letters = desk.all_cpu() - begun
    return [
        _row(prepared, "requests by form", forms["accepted"], forms["seconds"], {**forms, "cpu": by_forms}),
        _row(prepared, "letters accepted", sent["accepted"], sent["seconds"], sent),
        _row(prepared, "letters filed", filed - before, spent, {"cpu": by_letters}),
    ]


def table(rows: list[dict[str, Any]]) -> list[str]:
    head = f"{'database':9}{'requests':>9} {'what':18}{'number':>8}{'a second':>10}{'p50 ms':>9}{'p95 ms':>9}"
    return [
        f"{head}{'CPU ms':>8}{'aim':>6}",
        *(
            f"{row['database']:9}{row['size']:>9} {row['what']:18}{row['number']:>8}{row['per_second']:>10.1f}"
            f"{row.get('p50', 0):>9.1f}{row.get('p95', 0):>9.1f}{row.get('cpu', 0):>8.1f}{AIMS.get(row['what'], ''):>6}"
            for row in rows
        ),
    ]


def send(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Carry out a plan of ``benches.senders``; what it says of it."""
    ports = {"port": desk.port, "smtp_port": desk.smtp_port, "clients": CLIENTS}
    done = subprocess.run(
        [sys.executable, "-m", "benches.senders"],
        cwd=ROOT,
        input=json.dumps({**ports, **plan}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def await_filing(ledger: Ledger, wanted: int, started: float) -> tuple[int, float]:
    """Filed letters, and seconds since the first was sent: filing runs beside the accepting."""
    filed = 0
    while time.monotonic() - started < FILED_WITHIN:
        filed = ledger.filed()
        if filed >= wanted:
            break
        time.sleep(0.2)
    return filed, time.monotonic() - started


def _row(prepared: Prepared, what: str, number: int, seconds: float, more: dict[str, Any]) -> dict[str, Any]:
    times: dict[str, float] = {name: more[name] for name in ("p50", "p95") if name in more}
    if "cpu" in more:  # of the whole desk, from taking in to telling the customer, as far as that has come
        times["cpu"] = more["cpu"] * 1000 / max(1, number)
    rate = number / seconds if seconds else 0.0
    return {
        "database": prepared.kind,
        "size": prepared.size,
        "what": what,
        "number": number,
        "per_second": rate,
        **times,
    }
