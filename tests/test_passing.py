"""What is over leaves the manager's list by itself, and only what is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app import alarms, clock, escalations, notify, outbox, passing, tickets
from app.actor import SYSTEM, Actor
from app.clock import now
from app.extensions import db
from app.models import Cause, Channel, Delivery, DeliveryState, Escalation, Sweep, Ticket, Urgency
from app.tickets import Contribution
from tests.cast import acting, alice, carol, request_of_carol

pytestmark = pytest.mark.usefixtures("app")

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow


@pytest.fixture(autouse=True)
def monday() -> None:
    clock.shift(MONDAY - clock.now())


def open_causes() -> set[Cause]:
    query = db.session.query(Escalation.cause).filter(Escalation.resolved_at.is_(None))
    return {cause for (cause,) in query}


def go_on(by: timedelta) -> None:
    """Later, with a sweep; as if the desk had been sweeping all along."""
    clock.shift(by)
    with outbox.transaction():
        db.session.merge(Sweep(name=alarms.NAME, ended_at=now() - timedelta(minutes=1), done=0, error=""))
    alarms.sweep()


def taken(**request) -> Ticket:
    ticket = request_of_carol(**request)
    with outbox.transaction():
        tickets.take(ticket, acting(alice()), now())
    return ticket


def near() -> Ticket:
    """An urgent request less than half an hour before the end of its two."""
    ticket = taken(urgency=Urgency.URGENT)
    go_on(timedelta(minutes=91))
    assert open_causes() == {Cause.NEAR}
    return ticket


def test_a_deadline_that_is_near_still_stands():
    near()
    assert passing.settle_all(now()) == 0
    assert open_causes() == {Cause.NEAR}


def test_a_deadline_moved_away_is_not_near():
    ticket = near()
    with outbox.transaction():
        tickets.move_deadline(ticket, now() + timedelta(hours=5), "Везут деталь", acting(alice()), now())
    go_on(timedelta(seconds=10))
    assert open_causes() == set()
    assert "перенесён" in db.session.query(Escalation).one().resolution


def test_a_deadline_whose_clock_stands_still_is_not_near():
    ticket = taken()
    go_on(timedelta(hours=7, minutes=40))  # of eight
    assert open_causes() == {Cause.NEAR}
    with outbox.transaction():
        tickets.ask(ticket, Contribution("Какой кабинет?"), acting(alice()), now())
    passing.settle_all(now())
    assert open_causes() == set()


def test_an_urgent_one_that_nobody_took_is_settled_when_it_is_urgent_no_more():
    ticket = request_of_carol(urgency=Urgency.URGENT)
    go_on(timedelta(minutes=11))
    assert open_causes() == {Cause.URGENT_UNTAKEN, Cause.MISSED}  # nobody has reacted either
    with outbox.transaction():
        tickets.set_urgency(ticket, Urgency.NORMAL, acting(alice()), now())
    passing.settle_all(now())
    assert Cause.URGENT_UNTAKEN not in open_causes()


def test_a_letter_that_could_not_be_read_is_settled_with_its_request():
    ticket = taken()
    with outbox.transaction():
        escalations.escalate(ticket, Cause.UNREADABLE, SYSTEM, now(), "испорчено")
    passing.settle_all(now())
    assert open_causes() == {Cause.UNREADABLE}
    with outbox.transaction():
        tickets.solve(ticket, Contribution("Позвонили, всё решили"), acting(alice()), now())
    passing.settle_all(now())
    assert open_causes() == set()


def test_a_deadline_that_passed_is_missed_and_no_longer_near():
    near()
    go_on(timedelta(minutes=31))
    assert open_causes() == {Cause.MISSED}


def test_solving_ends_what_time_began():
    ticket = near()
    go_on(timedelta(minutes=31))
    escalations.escalate(ticket, Cause.COMPLAINT, SYSTEM, now(), "Долго")
    outbox.commit()
    with outbox.transaction():
        tickets.solve(ticket, Contribution("Готово"), acting(alice()), now())
    go_on(timedelta(seconds=10))
    assert open_causes() == {Cause.COMPLAINT}  # a person's words want a person


def test_a_late_answer_ends_the_wait_for_it():
    ticket = request_of_carol()
    go_on(timedelta(hours=1, minutes=1))
    assert open_causes() == {Cause.MISSED}
    with outbox.transaction():
        tickets.take(ticket, acting(alice()), now())
    go_on(timedelta(seconds=10))
    assert open_causes() == set()


def test_a_better_rating_ends_the_bad_one():
    ticket = taken()
    with outbox.transaction():
        tickets.solve(ticket, Contribution("Готово"), acting(alice()), now())
    by = Actor.of_person(carol(), "Ольга", Channel.WEB)
    for value, left in ((1, {Cause.LOW_RATING}), (5, set())):
        clock.shift(timedelta(minutes=1))
        with outbox.transaction():
            tickets.rate(db.session.get_one(Ticket, ticket.id), value, "", by, now())
        passing.settle_all(now())
        assert open_causes() == left


@pytest.mark.parametrize(
    ("becomes", "left"),
    [
        (DeliveryState.ACCEPTED, set()),
        (DeliveryState.WAITING, {Cause.UNDELIVERED}),
        (DeliveryState.BOUNCED, {Cause.UNDELIVERED}),
        (DeliveryState.FAILED, {Cause.UNDELIVERED}),
    ],
)
def test_a_notice_that_arrived_after_all(becomes: DeliveryState, left: set[Cause], owed: Callable[[Ticket], None]):
    ticket = request_of_carol()
    owed(ticket)
    escalations.escalate(ticket, Cause.UNDELIVERED, SYSTEM, now(), "carol@neva-trade.example: timed out")
    with outbox.transaction():
        db.session.query(Delivery).update({"state": becomes})
    passing.settle_all(now())
    assert open_causes() == left


@pytest.fixture
def owed() -> Callable[[Ticket], None]:
    """A notice to the customer that was long tried and is before the manager."""

    def owe(ticket: Ticket) -> None:
        notify.drain()
        with outbox.transaction():
            found = db.session.query(Delivery).filter_by(ticket_id=ticket.id, is_for_customer=True)
            assert found.count()
            found.update({"is_escalated": True})

    return owe
