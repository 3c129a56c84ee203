"""What keeping track of reading costs, who hears of it, and how long it is kept."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import event, func, select

from app import outbox, read_marks, tickets
from app.clock import now
from app.extensions import db
from app.models import ReadMark, Ticket
from app.tickets import Contribution
from app.web.live import _may_hear
from tests.cast import acting, alice, bob, masha, request_of_carol
from tests.web.acting import address
from tests.web.browse import Browser
from tests.web.unread import look, row_of, says


def test_the_row_answers_what_became_read(alices: Browser, ticket: Ticket):
    digest = row_of(alices, ticket).get("data-digest")
    where = f"/queue/rows/{ticket.number}?view=open&digest="
    assert alices.client.get(where + digest).status_code == 204
    look(alices, ticket)
    answer = alices.client.get(where + digest)
    assert answer.status_code == 200
    assert "Не прочитана" not in answer.text
    assert alices.client.get(where + row_of(alices, ticket).get("data-digest")).status_code == 204


def test_only_the_readers_own_pages_hear_of_it(app: Flask, alices: Browser, ticket: Ticket, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr("app.bell.publish", told.extend)
    look(alices, ticket)
    assert f"ticket:{ticket.number}@{alice().id}" in told
    topic = outbox.told_to(alice().id, f"ticket:{ticket.number}")
    assert _may_hear(acting(alice()), topic)
    assert not any(_may_hear(acting(one), topic) for one in (bob(), masha()))
    told.clear()
    look(alices, ticket)
    assert [one for one in told if one.startswith("ticket:")] == []


def test_a_page_that_stays_open_writes_once(app: Flask, alices: Browser, ticket: Ticket):
    written: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:
        written.extend([statement] if "INTO read_marks" in statement else [])

    event.listen(db.engine, "before_cursor_execute", note)
    for _turn in range(3):
        look(alices, ticket)
    assert len(written) == 1
    says(ticket)
    for _turn in range(3):
        look(alices, ticket)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(written) == 2


def test_the_page_that_showed_less_takes_no_reading_back(app: Flask, ticket: Ticket):
    """Two pages of one reader looked at the same moment, and the older one writes last."""
    assert read_marks._put(ticket.id, alice().id, 7)
    assert not read_marks._put(ticket.id, alice().id, 5)
    assert db.session.scalars(select(ReadMark.seen_id)).one() == 7


def test_marks_go_with_the_closing(alices: Browser, bobs: Browser, ticket: Ticket):
    look(alices, ticket)
    look(bobs, ticket)
    tickets.solve(ticket, Contribution("Перезапустили службу"), acting(alice()), now())
    outbox.commit()
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 2
    tickets.close(ticket, now())
    outbox.commit()
    look(alices, ticket)
    tickets.note(ticket, Contribution("@Белов, на будущее"), acting(alice()), now())
    outbox.commit()
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 0


def test_a_merged_request_keeps_none(alices: Browser, ticket: Ticket):
    other = request_of_carol(text="Снова 1С")
    look(alices, other)
    tickets.merge(ticket, other, acting(alice()), now())
    outbox.commit()
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 0


def test_the_list_costs_no_more_queries_with_marks(app: Flask, alices: Browser, ticket: Ticket, count_queries):
    alices.client.get("/queue/list")
    with count_queries() as asked:
        alices.client.get("/queue/list")
        one = asked()
    db.session.rollback()
    for n in range(12):
        look(alices, request_of_carol(text=f"Принтер {n}"))
    db.session.rollback()
    with count_queries() as asked:
        alices.client.get("/queue/list")
        assert asked() == one


def test_strangers_mark_nothing(app: Flask, ticket: Ticket):
    stranger = app.test_client()
    answer = stranger.post(f"{address(ticket)}/presence", data={"doing": "viewing", "seen": "1"})
    assert answer.status_code in {400, 401, 403}
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 0
