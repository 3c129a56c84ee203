"""Flat at every size: no page and no job reads a whole big table, as SQLite's own plans say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, event, insert, select, text, true

from app import alarms, notify, outbox, sessions
from app.demo.bulk import fill
from app.extensions import db
from app.intake import letterbox, letters
from app.models import ReadMark, Role, Staff, Ticket
from app.web import links

pytestmark = pytest.mark.timeout(180)  # a whole firm is made for each

BIG = {"tickets", "messages", "events", "deliveries", "promises", "holdings", "letters", "read_marks"}
FEW = re.compile(
    r"USING (COVERING )?INDEX ix_"
    r"(tickets_active|\w+_(due|drain|alarm|poked|file|open|undelivered|undecided|unmeasured))"
)
STOPS_EARLY = re.compile(r"ORDER BY \w+\.id( DESC)?\s+LIMIT \? OFFSET \?$")
LETTER = (
    "From: user0@client001.example\r\nTo: info@stekspb.ru\r\nSubject: Re: [#{0}]\r\nMessage-ID: <{0}@x>\r\n\r\nДа.\r\n"
)


@contextmanager
def watched(engine: Engine) -> Iterator[list[str]]:
    """The statements that read a big table from end to end, as far as they ran in the block."""
    found: list[str] = []
    seen: set[str] = set()

    def look(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, is_many: bool) -> None:
        if statement in seen or is_many or not statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            return
        seen.add(statement)
        for row in connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall():
            scanned = re.match(r"SCAN (\w+)", row[3])
            if scanned and scanned[1] in BIG and not FEW.search(row[3]) and not STOPS_EARLY.search(statement):
                found.append(f"{row[3]}: {' '.join(statement.split())[:400]}")

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", look)


@pytest.fixture
def full(make_app: Any) -> Flask:
    app: Flask = make_app()
    with app.app_context():
        fill(300, 1, lambda done, total: None)
        everybody = select(Ticket.id, Staff.id).join(Staff, true()).where(Ticket.is_active)
        db.session.execute(delete(ReadMark))
        db.session.execute(insert(ReadMark).from_select(["ticket_id", "staff_id"], everybody))
        db.session.execute(text("ANALYZE"))
        outbox.commit()
    return app


def paths() -> list[str]:
    waiting = db.session.scalars(select(Ticket).where(Ticket.is_active).limit(1)).one()
    closed = db.session.scalars(select(Ticket).where(Ticket.is_active.is_(False)).order_by(Ticket.id.desc())).first()
    assert closed is not None
    views = [f"/queue?view={view}" for view in "mine unassigned urgent overdue waiting open solved".split()]
    numbers, parts = (waiting.number, closed.number), ("", "/history", "/similar")
    own = [f"/tickets/{number}{part}" for number in numbers for part in parts]
    fragments = ["/queue/list", "/queue/counts", f"/queue/rows/{waiting.number}"]
    open_to_all = [f"/status?number={closed.number}", f"/r/{links.token_of(closed)}"]
    return [
        *views,
        *own,
        *fragments,
        *open_to_all,
        "/queue.csv?view=open",
        "/queue.csv?view=open&order=newest",
        "/incidents",
        "/escalations",
        "/letters",
        "/companies",
        "/companies?q=client",
        f"/companies/{closed.company_id}",
        f"/companies/{closed.company_id}/deadlines",
        "/calendars/ru-5x9/deadlines",
        "/people",
        f"/people/{closed.person_id}",
        "/imports",
        "/tickets/new?phone=%2B78125550101",
        "/search?q=%D0%BF%D1%80%D0%B8%D0%BD%D1%82%D0%B5%D1%80&company=1&state=closed&until=2026-01-01",
        "/search?q=%2B78125550101",
        "/search?q=%D0%BF%D1%80%D0%B8%D0%BD%D1%82%D1%80%D0%B5&order=best",
        "/reports?period=last_month",
        "/reports/by/company?period=last_month",
        "/reports/requests?figure=kept&period=last_month",
        "/metrics",
    ]


# The plans of a small PostgreSQL table say nothing about a large one.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages(full: Flask) -> None:
    with full.app_context():
        manager = db.session.scalars(select(Staff).where(Staff.role == Role.MANAGER)).first()
        assert manager is not None
        key = sessions.start(manager, "test").key
        outbox.commit()
        addresses = paths()
    client = full.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = key
    with full.app_context():
        engine = db.engine
    with watched(engine) as found:
        for address in addresses:
            assert client.get(address).status_code == 200, address
    assert not found, "\n".join(found)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_jobs(full: Flask) -> None:
    with full.app_context():
        number = db.session.scalars(select(Ticket.number).where(Ticket.is_active).limit(1)).one()
        db.session.rollback()
    with full.app_context(), watched(db.engine) as found:
        letterbox.store(LETTER.format(number).encode(), "smtp", envelope_from="user0@client001.example")
        letters.file_received()
        alarms.sweep()
        notify.run()
        assert not found, "\n".join(found)
