"""The sweep: what happens by time alone, from SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app import alarms, clock, escalations, outbox, tickets
from app.closing_moment import printed_moment
from app.extensions import db
from app.models import (
    Cause,
    Delivery,
    DeliveryChannel,
    DeliveryState,
    Escalation,
    Event,
    EventKind,
    Letter,
    State,
    Sweep,
    Ticket,
    Urgency,
)
from app.tickets import Contribution
from app.tickets.alarm import Alarm, set_alarm
from app.troubles import Trouble
from tests.cast import acting, alice, masha, request_of_carol
from tests.history import causes

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.timeout(180)]

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.shift(MONDAY - clock.now())


def go_to(moment: datetime, *, calmly: bool = True) -> int:
    """Move the clock and sweep; ``calmly``: as if the desk had been sweeping all along."""
    clock.shift(moment - clock.now())
    if calmly:
        with outbox.transaction():
            db.session.merge(Sweep(name=alarms.NAME, ended_at=moment - MINUTE, done=0, error=""))
    return alarms.sweep()


def events(ticket: Ticket, kind: EventKind) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.ticket_id == ticket.id, Event.kind == kind)))


def solved_and_told(at: datetime, *, accepted: bool = True) -> Ticket:
    """Carol's request, solved at a moment, with a solution letter that was (or was not) accepted then."""
    ticket = request_of_carol(at)
    tickets.solve(ticket, Contribution("Готово"), acting(alice()), at)
    [event] = events(ticket, EventKind.SOLVED)
    state = DeliveryState.ACCEPTED if accepted else DeliveryState.WAITING
    delivery = Delivery(
        event_id=event.id,
        ticket_id=ticket.id,
        notice="solved",
        channel=DeliveryChannel.EMAIL,
        recipient="carol@neva-trade.example",
        state=state,
        message_id=f"<{event.id}@test>",
        created_at=at,
        accepted_at=at if accepted else None,
        closing_at=printed_moment(at) if accepted else None,
    )
    db.session.add(delivery)
    outbox.poke(ticket.id, at)
    outbox.commit()
    alarms.sweep()
    return ticket


def test_near_then_missed_each_escalated_once():
    ticket = request_of_carol(MONDAY)
    go_to(MONDAY + 7 * HOUR)
    assert causes(ticket) == [Cause.MISSED]  # nobody reacted within the hour
    go_to(MONDAY + 7 * HOUR + 30 * MINUTE)
    assert Cause.NEAR in causes(ticket)
    go_to(MONDAY + 8 * HOUR - MINUTE)
    assert len(causes(ticket)) == 2
    go_to(MONDAY + 8 * HOUR + MINUTE)
    go_to(MONDAY + 9 * HOUR)
    assert sorted(causes(ticket)) == [Cause.MISSED, Cause.NEAR]


def test_an_untaken_urgent_request_escalates_after_ten_minutes():
    ticket = request_of_carol(MONDAY, urgency=Urgency.URGENT)
    go_to(MONDAY + 9 * MINUTE)
    assert causes(ticket) == []
    go_to(MONDAY + 10 * MINUTE)
    assert Cause.URGENT_UNTAKEN in causes(ticket)


def test_a_taken_urgent_request_does_not():
    ticket = request_of_carol(MONDAY, urgency=Urgency.URGENT)
    tickets.take(ticket, acting(alice()), MONDAY + 5 * MINUTE)
    outbox.commit()
    go_to(MONDAY + 30 * MINUTE)
    assert causes(ticket) == []


def test_a_waiting_request_is_silent_but_reminds_and_comes_back():
    ticket = request_of_carol(MONDAY)
    tickets.ask(ticket, Contribution("Какой принтер?"), acting(alice()), MONDAY)
    outbox.commit()
    go_to(MONDAY + timedelta(days=1))
    assert causes(ticket) == []
    for days in (2, 7):  # the second and the fifth working day
        go_to(MONDAY + timedelta(days=days))
    assert len(events(ticket, EventKind.REMINDED)) == 2
    go_to(MONDAY + timedelta(days=14))
    assert len(events(ticket, EventKind.RETURNED)) == 1
    assert (ticket.state, ticket.next_alarm_at) == (State.WAITING, None)


def test_silence_after_the_letter_arrived_closes():
    ticket = solved_and_told(MONDAY)
    assert ticket.close_at == MONDAY + 72 * HOUR
    go_to(MONDAY + 48 * HOUR)
    assert len(events(ticket, EventKind.REMINDED)) == 1
    go_to(MONDAY + 72 * HOUR - MINUTE)
    assert ticket.state is State.SOLVED
    go_to(MONDAY + 72 * HOUR)
    go_to(MONDAY + 72 * HOUR)
    assert ticket.state is State.CLOSED
    assert len(events(ticket, EventKind.CLOSED)) == 1


@pytest.mark.trust("R25")
def test_a_letter_that_never_left_closes_nothing():
    ticket = solved_and_told(MONDAY, accepted=False)
    go_to(MONDAY + timedelta(days=10))
    assert (ticket.state, ticket.close_at) == (State.SOLVED, None)


@pytest.mark.trust("R25")
def test_a_returned_letter_stops_the_closing_and_calls_for_a_call():
    ticket = solved_and_told(MONDAY)
    delivery = db.session.scalars(select(Delivery)).one()
    delivery.state, delivery.error = DeliveryState.BOUNCED, "5.1.1"
    outbox.poke(ticket.id, MONDAY + HOUR)
    outbox.commit()
    go_to(MONDAY + HOUR)
    assert ticket.close_at is None
    assert causes(ticket) == [Cause.UNDELIVERED]
    tickets.tell_by_phone(ticket, acting(alice()), MONDAY + 2 * HOUR)
    outbox.commit()
    assert ticket.close_at == MONDAY + 74 * HOUR


@pytest.mark.trust("R26")
def test_an_unfiled_letter_holds_the_closing_up():
    ticket = solved_and_told(MONDAY)
    letter = Letter(road="smtp", raw=b"x", size=1, sha256="0" * 64, received_at=MONDAY + 71 * HOUR, file_at=MONDAY)
    db.session.add(letter)
    outbox.commit()
    go_to(MONDAY + 72 * HOUR)
    assert ticket.state is State.SOLVED
    letter.file_at = None
    outbox.commit()
    go_to(MONDAY + 72 * HOUR + 5 * MINUTE)
    assert ticket.state is State.CLOSED


@pytest.mark.trust("R22")
def test_after_a_jump_of_the_clock_closings_wait_an_hour_and_the_manager_hears():
    ticket = solved_and_told(MONDAY)
    go_to(MONDAY + timedelta(days=7), calmly=False)
    assert ticket.state is State.SOLVED
    assert db.session.scalars(select(Escalation.subject).where(Escalation.cause == Cause.SYSTEM)).all() == ["sweep"]
    go_to(MONDAY + timedelta(days=7) + 61 * MINUTE)
    assert ticket.state is State.CLOSED


@pytest.mark.trust("R23")
def test_a_clock_set_back_repeats_nothing():
    ticket = request_of_carol(MONDAY)
    go_to(MONDAY + 9 * HOUR)
    before = causes(ticket)
    go_to(MONDAY - timedelta(days=1))
    go_to(MONDAY + 9 * HOUR)
    assert causes(ticket) == before


@pytest.mark.trust("R22")
def test_more_than_twenty_closings_want_the_managers_word():
    many = [solved_and_told(MONDAY) for _ in range(23)]

    def closed() -> int:
        db.session.expire_all()
        return sum(ticket.state is State.CLOSED for ticket in many)

    go_to(MONDAY + 72 * HOUR)
    go_to(MONDAY + 73 * HOUR)
    assert closed() == 20
    escalation = db.session.scalars(select(Escalation).where(Escalation.subject == Trouble.CLOSINGS)).one()
    escalations.acknowledge(escalation, "так и надо", acting(masha()), MONDAY + 73 * HOUR)
    outbox.commit()
    go_to(MONDAY + 74 * HOUR)
    assert closed() == 23
    assert escalation.resolved_at is not None


@pytest.mark.trust("R22")
def test_the_managers_word_lets_through_all_that_waited_however_they_come():
    many = [solved_and_told(MONDAY) for _ in range(70)]
    go_to(MONDAY + 73 * HOUR)
    waiting = [ticket for ticket in many if ticket.state is State.SOLVED]
    assert len(waiting) == 50
    escalation = db.session.scalars(select(Escalation).where(Escalation.subject == Trouble.CLOSINGS)).one()
    escalations.acknowledge(escalation, "так и надо", acting(masha()), MONDAY + 73 * HOUR)
    for number, ticket in enumerate(waiting):  # 25 of them in a minute, 25 three minutes later
        set_alarm(ticket, Alarm.CLOSE, MONDAY + 73 * HOUR + (1 if number % 2 else 4) * MINUTE)
    outbox.commit()
    for minutes in (1, 2, 4):
        go_to(MONDAY + 73 * HOUR + minutes * MINUTE)
    db.session.expire_all()
    assert {ticket.state for ticket in many} == {State.CLOSED}
    assert db.session.scalars(select(Escalation.id).where(Escalation.subject == Trouble.CLOSINGS)).all() == [
        escalation.id
    ]
    assert escalation.resolved_at is not None


@pytest.mark.trust("R22")
def test_the_managers_word_is_not_for_the_next_crowd():
    many = [solved_and_told(MONDAY) for _ in range(23)]
    later = [solved_and_told(MONDAY + 2 * HOUR) for _ in range(23)]
    go_to(MONDAY + 73 * HOUR)
    escalation = db.session.scalars(select(Escalation).where(Escalation.subject == Trouble.CLOSINGS)).one()
    escalations.acknowledge(escalation, "так и надо", acting(masha()), MONDAY + 73 * HOUR)
    outbox.commit()
    go_to(MONDAY + 73 * HOUR + 2 * MINUTE)
    go_to(MONDAY + 76 * HOUR)
    db.session.expire_all()
    assert {ticket.state for ticket in many} == {State.CLOSED}
    assert sum(ticket.state is State.CLOSED for ticket in later) == 20
