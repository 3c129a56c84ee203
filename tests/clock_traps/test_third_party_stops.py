"""A third party stops the solution's clock where the contract of the promise says so, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, notify, outbox, tickets
from app.extensions import db
from app.models import Cause, Channel, Contract, Delivery, Holder, State, Ticket, Urgency
from app.tickets import promising
from app.tickets.alarm import Alarm
from tests.alarms import alarm_at
from tests.cast import acting, alice, bob, carol, request_of_carol
from tests.clock_traps.lives import HOUR, MINUTE, MONDAY, SECOND, TUESDAY, answers, asks, dues, read, solves, sweep_at
from tests.history import causes, ledger
from tests.web.acting import address
from tests.web.browse import Browser
from tests.web.signing_in import signed_in


def agreed(*, stops: bool, solution: timedelta = 8 * HOUR) -> None:
    contract = db.session.scalars(select(Contract).where(Contract.company_id == carol().company_id)).one()
    contract.stops_for_third_party, contract.solution = stops, solution
    outbox.commit()


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    """Taken on Monday at 10:00, to be solved at 18:00, under a contract that stops for third parties."""
    clock.shift(MONDAY - clock.now())
    carol()
    agreed(stops=True)
    ticket = request_of_carol(MONDAY)
    tickets.take(ticket, acting(alice()), MONDAY)
    outbox.commit()
    return ticket


def holds(ticket: Ticket, at_hour: float, reason: str = "Провайдер") -> None:
    tickets.hold(ticket, Holder.THIRD_PARTY, reason, acting(alice()), MONDAY + at_hour * HOUR)
    outbox.commit()


def comes_back(ticket: Ticket, at_hour: float) -> None:
    tickets.hold(ticket, Holder.ENGINEER, "", acting(alice()), MONDAY + at_hour * HOUR)
    outbox.commit()


def told(ticket: Ticket) -> list[str]:
    clock.shift(TUESDAY - clock.now())
    notify.drain()
    query = select(Delivery.notice).where(Delivery.ticket_id == ticket.id, Delivery.is_for_customer.is_(True))
    return list(db.session.scalars(query.order_by(Delivery.id)))


def test_the_time_is_added_the_sentence_says_so_and_the_customer_gets_a_letter(ticket: Ticket):
    holds(ticket, 1)
    assert ticket.is_paused
    assert alarm_at(ticket, Alarm.DUE) is None
    comes_back(ticket, 3.5)
    assert not ticket.is_paused
    assert dues(ticket) == [MONDAY + 8 * HOUR, TUESDAY + HOUR * 1.5]  # Tuesday 11:30
    assert read(ledger(ticket)[-1]) == (
        "8 рабочих часов по договору 118/2024 с пн 10:00, "
        "минус 2 ч 30 мин ожидания другой организации по условиям договора"
    )
    assert "118/2024" not in ledger(ticket)[-1].why_public
    assert told(ticket).count("moved") == 2  # to the applicant and to the company


def test_without_such_a_contract_nothing_stops(ticket: Ticket):
    agreed(stops=False)
    other = request_of_carol(MONDAY)
    tickets.take(other, acting(alice()), MONDAY)
    holds(other, 1)
    assert not other.is_paused
    comes_back(other, 3)
    assert dues(other) == [MONDAY + 8 * HOUR]
    assert "moved" not in told(other)


def test_an_edit_of_the_contract_rejudges_no_promise_that_was_given(ticket: Ticket):
    agreed(stops=False)
    holds(ticket, 1)
    comes_back(ticket, 2)
    assert dues(ticket)[-1] == TUESDAY  # an hour later: Tuesday 10:00 is one working hour after Monday's 18:00
    tickets.identify(ticket, None, acting(alice()), MONDAY + 3 * HOUR)
    outbox.commit()
    assert dues(ticket)[-1] == MONDAY + 8 * HOUR  # general terms stop for nobody


def test_several_waits_for_both_add_up_and_are_named_apart(ticket: Ticket):
    holds(ticket, 1)
    holds(ticket, 1.5, "Производитель")
    comes_back(ticket, 2)
    asks(ticket, MONDAY + 3 * HOUR)
    answers(ticket, MONDAY + 3.5 * HOUR)
    assert dues(ticket)[-1] == TUESDAY + 0.5 * HOUR
    assert read(ledger(ticket)[-1]).endswith(
        "минус 30 мин ожидания вашего ответа, минус 1 ч ожидания другой организации по условиям договора"
    )


def test_asking_the_customer_ends_the_one_wait_and_begins_the_other(ticket: Ticket):
    holds(ticket, 1)
    asks(ticket, MONDAY + 2 * HOUR)
    assert dues(ticket)[-1] == TUESDAY
    assert (ticket.state, ticket.holder, ticket.paused_at) == (State.WAITING, Holder.CUSTOMER, MONDAY + 2 * HOUR)
    answers(ticket, MONDAY + 3 * HOUR)
    assert dues(ticket)[-1] == TUESDAY + HOUR


def test_no_near_and_no_missed_while_it_waits_and_the_whole_night_gives_nothing(ticket: Ticket):
    holds(ticket, 7.75)
    sweep_at(MONDAY + 8 * HOUR + SECOND)
    sweep_at(MONDAY + 20 * HOUR)
    assert causes(ticket) == []
    comes_back(ticket, 23.5)  # Tuesday 9:30
    assert dues(ticket)[-1] == TUESDAY - 15 * MINUTE
    sweep_at(TUESDAY - 14 * MINUTE)
    assert causes(ticket)[-1] is Cause.MISSED


def test_a_wait_that_begins_after_the_deadline_no_longer_helps(ticket: Ticket):
    holds(ticket, 9)
    sweep_at(MONDAY + 9 * HOUR)
    assert Cause.MISSED in causes(ticket)
    comes_back(ticket, 24)
    assert dues(ticket) == [MONDAY + 8 * HOUR]


def test_another_engineer_takes_over_and_the_wait_goes_on_the_queue_ends_it(ticket: Ticket):
    holds(ticket, 1)
    tickets.assign(ticket, bob(), acting(alice()), MONDAY + 2 * HOUR)
    assert (ticket.holder, ticket.is_paused) == (Holder.THIRD_PARTY, True)
    tickets.release(ticket, acting(bob()), MONDAY + 3 * HOUR)
    outbox.commit()
    assert (ticket.holder, ticket.is_paused, dues(ticket)[-1]) == (Holder.QUEUE, False, TUESDAY + HOUR)


def test_urgent_meanwhile_stops_for_nobody_and_withdrawn_counts_the_whole_wait_once(ticket: Ticket):
    holds(ticket, 1)
    tickets.set_urgency(ticket, Urgency.URGENT, acting(alice()), MONDAY + 2 * HOUR)
    assert (ticket.is_paused, dues(ticket)[-1]) == (False, MONDAY + 4 * HOUR)
    tickets.set_urgency(ticket, Urgency.NORMAL, acting(alice()), MONDAY + 3 * HOUR)
    assert (ticket.is_paused, dues(ticket)[-1]) == (True, TUESDAY + HOUR)
    comes_back(ticket, 4)
    assert dues(ticket)[-1] == TUESDAY + 2 * HOUR
    assert "минус 3 ч ожидания другой организации" in read(ledger(ticket)[-1])


def test_terms_corrected_meanwhile_bring_their_pause_from_its_beginning(ticket: Ticket):
    agreed(stops=False)
    other = request_of_carol(MONDAY)
    holds(other, 1)
    assert not other.is_paused
    agreed(stops=True, solution=4 * HOUR)
    promising.apply_terms(other, MONDAY + 2 * HOUR)
    outbox.commit()
    assert (dues(other)[-1], other.paused_at) == (MONDAY + 5 * HOUR, MONDAY + HOUR)
    comes_back(other, 3)
    assert dues(other)[-1] == MONDAY + 6 * HOUR


def test_solved_meanwhile_is_judged_by_the_clock_that_stood_and_reopening_goes_on_from_there(ticket: Ticket):
    holds(ticket, 7)
    solves(ticket, TUESDAY)
    assert ledger(ticket)[0].kept is True
    answers(ticket, TUESDAY + HOUR, text="Всё равно не печатает")
    assert (ticket.state, ticket.is_paused) == (State.OPEN, False)
    assert dues(ticket)[-1] == TUESDAY + 3 * HOUR  # one hour was left, the least is two


@pytest.mark.parametrize("act", ["question", "solution"])
def test_what_is_taken_back_in_time_leaves_the_third_party_waiting(ticket: Ticket, act: str):
    holds(ticket, 1)
    by, at = acting(alice(), Channel.WEB), MONDAY + 2 * HOUR
    act_of = tickets.ask if act == "question" else tickets.solve
    message = act_of(ticket, tickets.Contribution("Готово?"), by, at)
    tickets.recall(ticket, message, by, at + SECOND)
    outbox.commit()
    assert (ticket.state, ticket.holder, ticket.is_paused) == (State.OPEN, Holder.THIRD_PARTY, True)
    assert alarm_at(ticket, Alarm.DUE) is None
    comes_back(ticket, 3)
    assert dues(ticket)[-1] in {TUESDAY + HOUR, TUESDAY + HOUR - SECOND}


def test_the_queue_the_request_and_the_customer_see_a_pause_and_nobody_is_waited_for(app: Flask, ticket: Ticket):
    holds(ticket, 1)
    engineer = signed_in(app, alice())
    assert "пауза" in engineer.open("/queue?view=mine").text
    assert "Ждём других, срок на паузе" in engineer.open("/queue?view=mine").text
    assert "пауза" in engineer.open(address(ticket)).text
    assert ticket.number not in engineer.open("/queue?view=waiting").text
    status = Browser(app).open(f"/status?number={ticket.number}").text
    assert "Срок на паузе по договору, пока ждём другую организацию" in status
    assert "ждём вас" not in status
    assert "Провайдер" not in status
