"""Whom the roster sends a request to: urgent ones at once, reopened ones past who is off shift, the untaken pool."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app import alarms, clock, notify, outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import Delivery, Event, EventKind, State, Ticket, Urgency
from app.tickets import Contribution
from tests.cast import acting, alice, bob, masha, request_of_carol
from tests.duty.rota import absence, shift
from tests.working_hours import moscow

TUESDAY = moscow("2026-12-01T12:00")


@pytest.fixture(autouse=True)
def _tuesday(app: Flask) -> None:
    clock.shift(TUESDAY - datetime.now(UTC))
    for one in (alice, bob, masha):
        one()


def told(name: str) -> set[str]:
    notify.drain()
    found = db.session.query(Delivery.recipient).filter_by(notice=name, is_for_customer=False)
    return {one.recipient.partition("@")[0] for one in found}


def solved(urgency: Urgency = Urgency.NORMAL) -> Ticket:
    ticket = request_of_carol(now(), urgency=urgency)
    with outbox.transaction():
        tickets.take(ticket, acting(alice()), now())
        tickets.solve(ticket, Contribution("Готово"), acting(alice()), now())
    return ticket


def reopen(ticket: Ticket) -> Ticket:
    with outbox.transaction():
        tickets.reopen(ticket, None, acting(masha()), now())
    return ticket


def test_an_urgent_request_is_told_to_those_on_duty_at_once() -> None:
    shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    request_of_carol(now(), urgency=Urgency.URGENT)
    assert told("urgent") == {"alice"}


def test_without_a_roster_everybody_hears_of_it() -> None:
    request_of_carol(now(), urgency=Urgency.URGENT)
    assert {"alice", "bob", "masha", "iso"} <= told("urgent")


def test_what_nobody_took_within_its_reaction_time_is_put_before_the_owner() -> None:
    shift(bob(), "2026-12-01T09:00", "2026-12-02T09:00")
    request_of_carol(now())
    clock.shift(timedelta(minutes=61))
    alarms.sweep()
    alarms.sweep()
    assert told("missed") == {"bob"}


def test_a_request_stays_with_its_engineer_while_they_are_here() -> None:
    shift(bob(), "2026-12-01T09:00", "2026-12-02T09:00")
    ticket = reopen(solved())
    assert (ticket.engineer_id, ticket.state) == (alice().id, State.OPEN)
    assert told("reopened") == {"alice"}
    urgent = reopen(solved(Urgency.URGENT))
    assert urgent.engineer_id == alice().id


def test_of_one_who_is_away_it_goes_to_the_queue_and_the_name_is_remembered() -> None:
    shift(bob(), "2026-12-01T09:00", "2026-12-03T09:00")
    ticket = solved()
    absence(alice(), "2026-12-01T00:00", "2026-12-08T00:00")
    reopen(ticket)
    assert (ticket.engineer_id, ticket.state) == (None, State.NEW)
    event = db.session.query(Event).filter_by(kind=EventKind.REOPENED).one()
    assert event.data["left"] == "Алиса Орлова"
    assert told("reopened") == {"bob"}


def test_an_urgent_one_reopened_at_night_goes_to_whoever_is_on_duty() -> None:
    shift(bob(), "2026-12-01T09:00", "2026-12-03T09:00")
    ticket = solved(Urgency.URGENT)
    usual = solved()
    clock.shift(timedelta(hours=11))  # 23:00
    reopen(ticket)
    reopen(usual)
    assert (ticket.engineer_id, ticket.state) == (None, State.NEW)
    assert usual.engineer_id == alice().id  # waits for the morning
    assert told("urgent") == {"bob"}
