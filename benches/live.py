"""Live delay: how soon a hundred open queues hear of a new request, and have fetched its row."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benches.databases import ROOT, Prepared
from benches.desk import running
from benches.web import add_engineer

PEOPLE = 5  # nobody may have more than 25 streams
AIM = 300  # ms


def measure(prepared: Prepared, *, queues: int, changes: int) -> list[dict[str, Any]]:
    """Rows: what, p50 and p95 in ms from the moment when the form was sent."""
    emails = [f"bench{number}@desk.example" for number in range(PEOPLE)]
    passwords = [add_engineer(prepared, email) for email in emails]
    with running(prepared) as desk:
        cookies = [desk.sign_in(password, email) for password, email in zip(passwords, emails, strict=True)]
        plan = {"port": desk.port, "cookies": cookies, "queues": queues, "changes": changes}
        done = subprocess.run(
            [sys.executable, "-m", "benches.listeners"],
            cwd=ROOT,
            input=json.dumps(plan),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    told = json.loads(done.stdout)
    return [{"database": prepared.kind, "size": prepared.size, "what": name, **row} for name, row in told.items()]


def table(rows: list[dict[str, Any]]) -> list[str]:
    head = f"{'database':9}{'requests':>9} {'what':24}{'number':>8}{'lost':>6}{'p50 ms':>9}{'p95 ms':>9}{'aim':>6}"
    return [
        head,
        *(
            f"{row['database']:9}{row['size']:>9} {row['what']:24}{row['number']:>8}{row['lost']:>6}"
            f"{row['p50']:>9.0f}{row['p95']:>9.0f}{AIM:>6}"
            for row in rows
        ),
    ]
