"""Live delay: how soon open queues hear of a new request, and have fetched its row; alone, beside pages, and many."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benches import samples
from benches.databases import ROOT, Prepared
from benches.desk import Desk, running
from benches.web import add_engineer

STREAMS = 20  # of one person; nobody may have more than 25
PAGES_A_SECOND = 40
AIMS = {100: 300, 300: 1000}  # ms from the change to the row, by open queues
PAGE_AIM = 100  # ms


def measure(prepared: Prepared, *, changes: int) -> list[dict[str, Any]]:
    """Rows: what, p50 and p95 in ms from the moment when the form was sent."""
    rows = []
    for queues, pages in ((100, 0), (100, PAGES_A_SECOND), (300, 0)):
        emails = [f"bench{number}@desk.example" for number in range(queues // STREAMS)]
        passwords = [add_engineer(prepared, email) for email in emails]
        with running(prepared) as desk:
            cookies = [desk.sign_in(password, email) for password, email in zip(passwords, emails, strict=True)]
            told = _listen(desk, {"cookies": cookies, "queues": queues, "changes": changes, "pages_a_second": pages})
        named = {"database": prepared.kind, "size": prepared.size, "queues": queues, "pages": pages}
        rows += [{**named, "what": name, **row} for name, row in told.items()]
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    head = f"{'database':9}{'requests':>9}{'queues':>7}{'pages/s':>8} {'what':20}{'number':>8}{'lost':>6}{'p50 ms':>9}"
    return [
        f"{head}{'p95 ms':>9}{'aim':>6}",
        *(
            f"{row['database']:9}{row['size']:>9}{row['queues']:>7}{row['pages']:>8} {row['what']:20}"
            f"{row['number']:>8}{row['lost']:>6}{row['p50']:>9.0f}{row['p95']:>9.0f}{_aim(row):>6}"
            for row in rows
        ),
    ]


def _listen(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    paths = _paths(desk.prepared) if plan["pages_a_second"] else []
    done = subprocess.run(
        [sys.executable, "-m", "benches.listeners"],
        cwd=ROOT,
        input=json.dumps({"port": desk.port, "paths": paths, **plan}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _paths(prepared: Prepared) -> list[str]:
    """What twenty engineers open all day: the queue now and then, requests mostly."""
    chosen = samples.take(prepared)
    return ["/queue"] * 50 + [f"/tickets/{number}" for number in chosen.long[:150]]


def _aim(row: dict[str, Any]) -> int:
    return PAGE_AIM if row["what"] == "a page meanwhile" else AIMS[row["queues"]]
