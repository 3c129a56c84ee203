"""The request nearest to its promise: who gets which, and what is put back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import outbox, tickets
from app.clock import now
from app.errors import IntakeRejected
from app.extensions import db
from app.models import Event, EventKind, State, Ticket, Urgency
from app.tickets.nearest import NOT_AGAIN_WITHIN
from tests.cast import acting, alice, bob, request_of_carol

pytestmark = pytest.mark.usefixtures("app")


def due_sooner(ticket: Ticket) -> None:
    assert ticket.due_at
    ticket.due_at -= timedelta(minutes=30)


def taken_by(member) -> str | None:
    ticket = tickets.take_nearest(acting(member), now())
    outbox.commit()
    return ticket.number if ticket else None


def test_urgent_first_then_the_nearest_deadline(app: Flask):
    later, sooner = request_of_carol(), request_of_carol()
    due_sooner(sooner)
    urgent = request_of_carol(urgency=Urgency.URGENT)
    outbox.commit()
    assert [taken_by(alice()) for _ in range(4)] == [urgent.number, sooner.number, later.number, None]
    assert {one.engineer_id for one in db.session.scalars(select(Ticket))} == {alice().id}


def test_neither_a_colleagues_nor_one_that_waits_for_its_customer():
    his, waiting, solved = request_of_carol(), request_of_carol(), request_of_carol()
    tickets.take(his, acting(bob()), now())
    tickets.ask(waiting, tickets.Contribution("Какой кабинет?"), acting(bob()), now())
    tickets.release(waiting, acting(bob()), now())
    tickets.solve(solved, tickets.Contribution("Сделано"), acting(bob()), now())
    outbox.commit()
    assert waiting.state is State.WAITING
    assert taken_by(alice()) is None


def test_what_was_put_back_goes_to_a_colleague_and_comes_again_another_day(monkeypatch: pytest.MonkeyPatch):
    ticket, other = request_of_carol(), request_of_carol()
    due_sooner(ticket)
    outbox.commit()
    assert taken_by(alice()) == ticket.number
    tickets.skip(ticket, " Нужен ключ от серверной ", acting(alice()), now())
    outbox.commit()
    event = db.session.scalars(select(Event).where(Event.kind == EventKind.RELEASED)).one()
    assert (event.data["reason"], ticket.engineer_id, ticket.state) == ("Нужен ключ от серверной", None, State.NEW)
    assert taken_by(alice()) == other.number
    assert taken_by(alice()) is None
    another_day = tickets.take_nearest(acting(alice()), now() + NOT_AGAIN_WITHIN + timedelta(minutes=1))
    assert another_day is ticket
    db.session.rollback()
    assert taken_by(bob()) == ticket.number


@pytest.mark.parametrize("reason", ["", "  ", "я" * 501])
def test_putting_back_needs_a_reason(reason: str):
    ticket = request_of_carol()
    taken_by(alice())
    with pytest.raises(IntakeRejected) as refused:
        tickets.skip(ticket, reason, acting(alice()), now())
    assert list(refused.value.errors) == ["skip_reason"]
    assert ticket.engineer_id == alice().id
