"""Urgency, contract, company or calendar change, or the deadline passes, while the desk waits for the customer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import outbox, tickets
from app.calendar_versions import keep_calendar
from app.clock import now
from app.extensions import db
from app.models import CalendarRecord, Cause, Channel, Company, Contract, State, Urgency
from app.models.company import name_key
from tests.cast import acting, alice, neva_trade, request_of_carol
from tests.clock_traps.lives import HOUR, MINUTE, MONDAY, SECOND, TUESDAY, answers, asks, dues, read, solves, sweep_at
from tests.history import causes, ledger

pytestmark = pytest.mark.usefixtures("app")

CHANNELS = (Channel.WEB, Channel.EMAIL, Channel.TELEGRAM, Channel.PHONE)


def test_declared_urgent_while_waiting_keeps_waiting_and_stops_for_nobody():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + HOUR)
    tickets.set_urgency(ticket, Urgency.URGENT, acting(alice()), MONDAY + 2 * HOUR)
    outbox.commit()
    assert (ticket.state, ticket.paused_at) == (State.WAITING, MONDAY + HOUR)
    assert ticket.due_at == MONDAY + 4 * HOUR
    answers(ticket, MONDAY + 3 * HOUR)
    assert ticket.due_at == MONDAY + 4 * HOUR  # two hours are two hours


def test_an_urgent_request_is_missed_while_it_waits():
    ticket = request_of_carol(MONDAY, urgency=Urgency.URGENT)
    asks(ticket, MONDAY + MINUTE)
    sweep_at(MONDAY + 2 * HOUR)
    assert Cause.MISSED not in causes(ticket)
    sweep_at(MONDAY + 2 * HOUR + SECOND)
    assert causes(ticket).count(Cause.MISSED) == 1


def test_urgency_withdrawn_while_waiting_counts_the_whole_wait():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + HOUR)
    tickets.set_urgency(ticket, Urgency.URGENT, acting(alice()), MONDAY + 2 * HOUR)
    tickets.set_urgency(ticket, Urgency.NORMAL, acting(alice()), MONDAY + 3 * HOUR)
    outbox.commit()
    assert ticket.paused_at == MONDAY + HOUR
    answers(ticket, MONDAY + 4 * HOUR)
    assert ticket.due_at == TUESDAY + 2 * HOUR  # 18:00, and three hours of waiting the next morning from 9:00
    assert "минус 3 ч ожидания вашего ответа" in read(ledger(ticket)[-1])


def test_a_contract_edited_while_waiting_moves_nothing_that_was_given():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + HOUR)
    contract = db.session.query(Contract).one()
    contract.solution = 4 * HOUR
    outbox.commit()
    assert dues(ticket) == [MONDAY + 8 * HOUR]
    answers(ticket, MONDAY + 3 * HOUR)
    assert ticket.due_at == TUESDAY + HOUR  # eight hours as promised, and the two of waiting


def test_the_company_corrected_while_waiting_keeps_the_wait():
    neva_trade()
    quick = Company(name="ООО «Быстрые»", name_key=name_key("Быстрые"), created_at=now())
    quick.contracts = [
        Contract(number="7", valid_from=MONDAY.date(), calendar="ru-5x9", reaction=HOUR, solution=4 * HOUR)
    ]
    db.session.add(quick)
    outbox.commit()
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + HOUR)
    tickets.identify(ticket, quick, acting(alice()), MONDAY + 2 * HOUR)
    outbox.commit()
    assert (ticket.state, ticket.paused_at) == (State.WAITING, MONDAY + HOUR)
    answers(ticket, MONDAY + 3 * HOUR)
    assert ticket.due_at == MONDAY + 6 * HOUR  # four hours by the new contract, and two of waiting
    assert "по договору 7" in read(ledger(ticket)[-1])


def test_a_calendar_edited_while_waiting_moves_nothing_that_was_given():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + HOUR)
    record = db.session.get(CalendarRecord, "ru-5x9")
    assert record
    days = {**record.spec["days"], "2026-11-23": [["09:00", "12:00"]]}
    keep_calendar({**record.spec, "days": days}, MONDAY + 2 * HOUR)
    outbox.commit()
    assert dues(ticket) == [MONDAY + 8 * HOUR]
    answers(ticket, TUESDAY)
    assert ticket.due_at is not None
    assert ticket.due_at >= MONDAY + 8 * HOUR
    assert ticket.due_at == TUESDAY + HOUR  # 11:00: an hour was open yesterday after the question, and one today


def test_a_deadline_that_passes_while_waiting_breaks_nothing():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + HOUR)
    for hours in (7.5, 8, 9, 30):
        sweep_at(MONDAY + hours * HOUR)
    assert causes(ticket) == []
    answers(ticket, TUESDAY + 7 * HOUR)
    assert [promise.kept for promise in ledger(ticket)] == [None, None]
    assert ticket.due_at == TUESDAY + timedelta(days=1) + 5 * HOUR  # seven of the eight hours were left
    solves(ticket, TUESDAY + 8 * HOUR)
    assert ledger(ticket)[-1].kept is True


def test_a_question_after_the_deadline_does_not_hide_the_miss():
    ticket = request_of_carol(MONDAY)
    tickets.take(ticket, acting(alice()), MONDAY)
    asks(ticket, MONDAY + 8 * HOUR + SECOND)  # before the sweep came round
    sweep_at(MONDAY + 8 * HOUR + MINUTE)
    assert (causes(ticket), ledger(ticket)[-1].kept) == ([Cause.MISSED], False)


def test_several_waits_add_up_and_the_nights_between_do_not():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + HOUR)
    answers(ticket, MONDAY + 2 * HOUR)
    asks(ticket, MONDAY + 7 * HOUR)  # at 17:00, answered the next morning at 10:00: two open hours
    answers(ticket, TUESDAY)
    assert dues(ticket) == [MONDAY + 8 * HOUR, TUESDAY, TUESDAY + 2 * HOUR]
    assert "минус 3 ч ожидания вашего ответа" in read(ledger(ticket)[-1])


def test_two_questions_in_one_wait_count_it_once():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + HOUR)
    asks(ticket, MONDAY + 2 * HOUR)
    answers(ticket, MONDAY + 3 * HOUR)
    assert dues(ticket) == [MONDAY + 8 * HOUR, TUESDAY + HOUR]


def test_a_wait_outside_service_hours_takes_nothing_and_gives_nothing():
    ticket = request_of_carol(MONDAY + 7 * HOUR)  # at 17:00
    given = ticket.due_at
    asks(ticket, MONDAY + 9 * HOUR)
    answers(ticket, MONDAY + 11 * HOUR)
    assert (ticket.state, ticket.due_at) == (State.OPEN, given)


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_answer_counts_alike_whatever_road_it_took(channel: Channel):
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + HOUR)
    answers(ticket, MONDAY + 3 * HOUR, channel)
    assert (ticket.state, ticket.paused_at, ticket.due_at) == (State.OPEN, None, TUESDAY + HOUR)
    assert read(ledger(ticket)[-1]) == (
        "8 рабочих часов по договору 118/2024 с пн 10:00, минус 2 ч ожидания вашего ответа"
    )
