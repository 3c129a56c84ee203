"""The sweep of deadlines: what one run takes in the database, while nothing is due and for each request that is."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from benches.databases import ROOT, Prepared

AIM_MS = 50
RUNS = 40
STEPS = 30  # moments at which something falls due
_MOST_DUE = 40  # runs in which a desk that lay aside catches up with its clock


def measure(prepared: Prepared) -> list[dict[str, Any]]:
    """One row: a run while nothing is due, and the time for each request that is."""
    done = subprocess.run(
        [sys.executable, "-m", "benches.sweep"],
        cwd=ROOT,
        env=prepared.environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [{"database": prepared.kind, "size": prepared.size, **json.loads(done.stdout.splitlines()[-1])}]


def table(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        f"{row['database']:9}{row['size']:>9} {row['open']:>6} open {row['median_ms']:>7.1f} ms median"
        f" {row['worst_ms']:>7.1f} ms worst, {row['statements']} statements; {row['due_ms']:.1f} ms more"
        f" for each of {row['due']} requests that fell due"
        for row in rows
    ]
    return [*lines, f"aim: under {AIM_MS} ms of database time a run, at every size"]


def _run() -> None:
    """In a process of its own, on the desk that the environment names."""
    from sqlalchemy import func, select

    from app import alarms, clock, create_app
    from app.extensions import db
    from app.models.ticket import Ticket

    with create_app().app_context():
        spent = _watched(db.engine)
        for _ in range(_MOST_DUE):
            if not alarms.sweep():
                break
        runs, statements = [], 0
        for _ in range(RUNS):
            spent.clear()
            alarms.sweep()
            runs.append(1000 * sum(spent))
            statements = len(spent)
        is_open = db.session.scalar(select(func.count()).select_from(Ticket).where(Ticket.is_active.is_(True)))
        due, due_ms, idle = 0, 0.0, statistics.median(runs)
        for _ in range(STEPS):
            next_at = db.session.scalar(select(func.min(Ticket.next_alarm_at)).where(Ticket.next_alarm_at.is_not(None)))
            db.session.rollback()
            if next_at is None:
                break
            clock.shift(max(next_at - clock.now(), timedelta(0)) + timedelta(seconds=1))
            spent.clear()
            due += alarms.sweep()
            due_ms += 1000 * sum(spent) - idle
    told = {"open": is_open, "median_ms": idle, "worst_ms": max(runs), "statements": statements}
    print(json.dumps({**told, "due": due, "due_ms": due_ms / max(due, 1)}))


def _watched(engine: Any) -> list[float]:
    """Seconds of each statement and each commit from now on."""
    from sqlalchemy import event

    spent: list[float] = []

    def begin(connection: Any, *_: Any) -> None:
        connection.info["began"] = time.perf_counter()

    def end(connection: Any, *_: Any) -> None:
        spent.append(time.perf_counter() - connection.info["began"])

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    for name in ("do_commit", "do_rollback"):
        setattr(engine.dialect, name, _timed(getattr(engine.dialect, name), spent))
    return spent


def _timed(act: Callable[[Any], None], spent: list[float]) -> Callable[[Any], None]:
    def timed(connection: Any) -> None:
        began = time.perf_counter()
        act(connection)
        spent.append(time.perf_counter() - began)

    return timed


if __name__ == "__main__":
    _run()
