"""The second half of the ledger: what was solved, whether the solution arrived, and what was closed when."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

# A request stays solved for as long as no letter with the solution was accepted.
UNSETTLED = """
SELECT count(*) FROM tickets t WHERE t.state = 'solved' AND EXISTS
 (SELECT 1 FROM deliveries d WHERE d.ticket_id = t.id AND d.notice = 'solved' AND d.state = 'accepted')
"""


def faults(connection: Connection, solved: set[str], silence: timedelta) -> list[str]:
    """Every fault of solving and closing; ``silence``: AUTO_CLOSE_AFTER of this desk."""
    found = []
    solutions = _count(connection, "solved")
    closings = _count(connection, "closed")
    accepted = _moments(
        connection,
        "SELECT t.number, min(d.accepted_at) FROM deliveries d JOIN tickets t ON t.id = d.ticket_id"
        " WHERE d.notice = 'solved' AND d.state = 'accepted' GROUP BY t.number",
    )
    closed = _moments(connection, "SELECT number, closed_at FROM tickets WHERE state = 'closed'")
    for number in sorted(solved | set(solutions)):
        if solutions[number] != 1:
            found.append(f"{number}: solved {solutions[number]} times")
        if closings[number] > 1:
            found.append(f"{number}: closed {closings[number]} times")
        if number in closed and number not in accepted:
            found.append(f"{number}: closed, and the solution never arrived")
        elif number in closed and closed[number] < accepted[number] + silence:
            found.append(f"{number}: closed {closed[number] - accepted[number]} after its solution arrived")
        elif number in accepted and number not in closed:
            found.append(f"{number}: its solution arrived, and it is not closed ({_standing(connection, number)})")
    return found


def _standing(connection: Connection, number: str) -> str:
    row = connection.execute(text("SELECT * FROM tickets WHERE number = :number"), {"number": number}).one()
    return ", ".join(f"{name} {getattr(row, name)}" for name in ("close_at", "next_alarm_at", "poked_at"))


def _count(connection: Connection, kind: str) -> Counter[str]:
    rows = connection.execute(
        text("SELECT t.number FROM events e JOIN tickets t ON t.id = e.ticket_id WHERE e.kind = :kind"), {"kind": kind}
    )
    return Counter(rows.scalars())


def _moments(connection: Connection, query: str) -> dict[str, datetime]:
    return {
        number: datetime.fromisoformat(at) if isinstance(at, str) else at
        for number, at in connection.execute(text(query))
    }
