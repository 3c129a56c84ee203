"""Working times are kept with the request, measured anew from its rows, and never over what a verb has just written."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app import outbox, tickets
from app.extensions import db
from app.models import Ticket
from app.reports import overview
from app.tickets import Contribution, measure
from tests.cast import acting, alice, request_of_carol
from tests.reports.firm import MOSCOW

FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=MOSCOW)
WORK = ("reaction_work", "queue_work", "engineer_work", "third_party_work", "customer_work", "contract")


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    """Came on Friday at 17:00, taken at 17:30, asked on Monday at 9:30 until 11:00, solved at 12:00."""
    ticket, own = request_of_carol(FRIDAY), acting(alice())
    monday = FRIDAY + timedelta(days=3)
    tickets.take(ticket, own, FRIDAY + timedelta(minutes=30))
    tickets.ask(ticket, Contribution("Какая модель?"), own, monday.replace(hour=9, minute=30))
    tickets.answer(ticket, Contribution("Вот такая"), own, monday.replace(hour=11))
    tickets.solve(ticket, Contribution("Заменили"), own, monday.replace(hour=12))
    outbox.commit()
    return ticket


def kept(ticket: Ticket) -> tuple[object, ...]:
    db.session.refresh(ticket)
    return tuple(getattr(ticket, name) for name in WORK)


def forget(ticket: Ticket) -> None:
    """As a row of before the upgrade."""
    nothing = dict.fromkeys(WORK) | {"is_measured": False}
    db.session.execute(update(Ticket).where(Ticket.id == ticket.id).values(**nothing))
    outbox.commit()


def test_the_weekend_is_nobodys_time(ticket: Ticket):
    half_an_hour, hour = 1800, 3600
    engineer = half_an_hour + half_an_hour + hour  # Friday until 18:00, Monday from 9:00, and after the answer
    assert kept(ticket) == (half_an_hour, half_an_hour, engineer, 0, hour + half_an_hour, "118/2024")
    assert ticket.is_measured


def test_old_rows_are_measured_by_the_sweep_and_twice_is_once(ticket: Ticket):
    told = kept(ticket)
    forget(ticket)
    assert not overview.is_measured()
    assert measure.sweep() == 1
    assert kept(ticket) == told
    assert overview.is_measured()
    assert measure.sweep() == 0


def test_a_request_that_a_verb_changes_meanwhile_stays_owed(ticket: Ticket, monkeypatch: pytest.MonkeyPatch):
    """The verb writes between the reading of the rows and the writing of their sums."""
    forget(ticket)
    read = measure._bases

    def interrupted(ticket_ids: list[int]):
        db.session.execute(update(Ticket).values(version=Ticket.version + 1, queue_work=7))
        return read(ticket_ids)

    monkeypatch.setattr(measure, "_bases", interrupted)
    with outbox.transaction():
        measure.anew([ticket.id])
    assert measure.owed(10) == [ticket.id]
    assert kept(ticket)[1] == 7


def test_the_command_measures_all_again_and_says_how_far_it_is(app: Flask, ticket: Ticket):
    told = kept(ticket)
    forget(ticket)
    run = app.test_cli_runner()
    assert run.invoke(args=["reports", "rebuild"]).output.splitlines() == [
        "1 of 1 requests measured.",
        "All requests are measured.",
    ]
    db.session.execute(update(Ticket).values(queue_work=5))
    outbox.commit()
    assert "1 of 1" in run.invoke(args=["reports", "rebuild", "--anew"]).output
    assert kept(ticket) == told
