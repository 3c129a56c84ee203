"""Warnings at the right second, for no closed request, once by two sweeps; clocks set back, and other zones."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import alarms, clock, outbox, tickets
from app.extensions import db
from app.models import Cause, Event, EventKind, Holding, PromiseKind, State, Ticket, Urgency
from app.tickets.alarm import Alarm, set_alarm
from tests.alarms import alarm_at
from tests.cast import acting, alice, neva_trade, request_of_carol
from tests.clock_traps.lives import HOUR, MINUTE, MONDAY, SECOND, TUESDAY, answers, asks, read, solves, sweep_at
from tests.history import causes, ledger

pytestmark = pytest.mark.usefixtures("app")

SHORT = (MINUTE, 10 * MINUTE, HOUR, 8 * HOUR)


@pytest.fixture(params=("UTC", "Asia/Vladivostok", "America/New_York"))
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("solution", SHORT)
@pytest.mark.parametrize("urgency", Urgency)
def test_near_is_never_said_at_the_second_of_creation(solution: timedelta, urgency: Urgency):
    neva_trade(solution=solution)
    for at in (MONDAY, MONDAY - 4 * HOUR, MONDAY + 7 * HOUR + 59 * MINUTE, MONDAY + 8 * HOUR, MONDAY - 2 * 24 * HOUR):
        ticket = request_of_carol(at, urgency=urgency)
        near_at = alarm_at(ticket, Alarm.NEAR)
        assert near_at is not None
        assert ticket.due_at is not None
        assert at < near_at < ticket.due_at


def test_a_sweep_in_the_second_of_creation_finds_nothing():
    ticket = request_of_carol(MONDAY)
    assert sweep_at(MONDAY) == 0
    assert causes(ticket) == []


def test_alerts_are_never_for_a_closed_request():
    ticket = request_of_carol(MONDAY)
    solves(ticket, MONDAY + HOUR)
    for alarm in (Alarm.TAKE, Alarm.NEAR, Alarm.DUE, Alarm.REACT, Alarm.REMIND, Alarm.NOTICE):  # left over somehow
        set_alarm(ticket, alarm, MONDAY + 2 * HOUR)
    ticket.state = State.CLOSED
    outbox.commit()
    sweep_at(TUESDAY)
    assert (causes(ticket), ticket.next_alarm_at) == ([], None)
    told = select(Event.id).where(Event.ticket_id == ticket.id, Event.kind == EventKind.REMINDED)
    assert db.session.scalars(told).all() == []


def test_two_sweeps_at_once_say_each_thing_once(app: Flask):
    made = [request_of_carol(MONDAY, text=f"Заявка {count}", urgency=Urgency.URGENT) for count in range(6)]
    clock.shift(MONDAY + 3 * HOUR - clock.now())
    db.session.remove()
    barrier, failed = threading.Barrier(2), []

    def work() -> None:
        with app.app_context():
            barrier.wait()
            try:
                alarms.sweep()
            except Exception as error:  # noqa: BLE001  shown below
                failed.append(error)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    alarms.sweep()
    for one in made:
        ticket = db.session.get_one(Ticket, one.id)
        escalated = select(Event.data).where(Event.ticket_id == ticket.id, Event.kind == EventKind.ESCALATED)
        said = [(data["cause"], data["text"]) for data in db.session.scalars(escalated)]
        assert len(causes(ticket)) == len(set(causes(ticket)))
        assert len(said) == len(set(said))
        assert {Cause.URGENT_UNTAKEN, Cause.MISSED} <= set(causes(ticket))


def test_a_clock_set_back_during_a_wait_adds_nothing_and_ends_no_span_before_it_began():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + 2 * HOUR)
    answers(ticket, MONDAY + HOUR)  # by a clock that was set back
    assert (ticket.state, ticket.paused_at, ticket.due_at) == (State.OPEN, None, MONDAY + 8 * HOUR)
    for span in db.session.scalars(select(Holding).where(Holding.ticket_id == ticket.id)):
        assert span.ended_at is None or span.ended_at >= span.started_at


def test_a_clock_set_back_does_not_mend_what_was_missed():
    ticket = request_of_carol(MONDAY)
    tickets.take(ticket, acting(alice()), MONDAY)
    outbox.commit()
    sweep_at(MONDAY + 8 * HOUR + SECOND)
    sweep_at(MONDAY + 7 * HOUR)
    db.session.refresh(ticket)
    solves(ticket, MONDAY + 7 * HOUR)
    assert (ledger(ticket)[-1].kept, causes(ticket)) == (False, [Cause.MISSED])


def test_a_clock_set_forward_and_back_breaks_what_nobody_could_have_kept_only_once():
    ticket = request_of_carol(MONDAY)
    clock.shift(TUESDAY - clock.now())
    alarms.sweep()
    clock.shift(MONDAY - clock.now())
    alarms.sweep()
    alarms.sweep()
    assert sorted(causes(ticket)) == sorted(set(causes(ticket)))


def test_the_zone_of_the_server_changes_no_deadline_and_no_sentence(server_zone: str):
    del server_zone
    ticket = request_of_carol(MONDAY + 7 * HOUR)  # 17:00 in Moscow, another day in Vladivostok
    assert ticket.due_at == TUESDAY + 6 * HOUR
    asks(ticket, TUESDAY)
    answers(ticket, TUESDAY + HOUR)
    assert ticket.due_at == TUESDAY + 7 * HOUR
    assert (
        read(ledger(ticket)[-1]) == "8 рабочих часов по договору 118/2024 с пн 17:00, минус 1 ч ожидания вашего ответа"
    )
    reread = _fresh(ticket)
    assert (reread.due_at, reread.created_at) == (TUESDAY + 7 * HOUR, MONDAY + 7 * HOUR)
    sweep_at(TUESDAY + 7 * HOUR + SECOND)
    [reaction] = ledger(ticket, PromiseKind.REACTION)
    assert (ledger(ticket)[-1].kept, reaction.due_at) == (False, MONDAY + 8 * HOUR)


def _fresh(ticket: Ticket) -> Ticket:
    return db.session.get_one(Ticket, ticket.id, populate_existing=True)


def test_the_moment_before_the_deadline_is_kept_and_the_one_after_is_not():
    in_time, late = request_of_carol(MONDAY), request_of_carol(MONDAY, text="И печать не идёт")
    solves(in_time, _end(0))
    solves(late, _end(1))
    assert (ledger(in_time)[-1].kept, ledger(late)[-1].kept) == (True, False)


def _end(seconds: int) -> datetime:
    return MONDAY + 8 * HOUR + seconds * SECOND
