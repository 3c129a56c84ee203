"""Created straight into waiting or solved, solved and reopened in time and late, taken back, joined."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app import outbox, tickets
from app.extensions import db
from app.models import Cause, Channel, Holder, Promise, PromiseKind, State, Ticket, Urgency
from app.tickets import Contribution, promising
from tests.cast import acting, alice, request_of_carol
from tests.clock_traps.lives import HOUR, MINUTE, MONDAY, SECOND, TUESDAY, answers, asks, dues, read, solves, sweep_at
from tests.history import causes, ledger

pytestmark = pytest.mark.usefixtures("app")


def test_created_straight_into_waiting_the_clock_has_not_begun():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY)
    assert (ticket.state, ticket.holder, ticket.due_at) == (State.WAITING, Holder.CUSTOMER, MONDAY + 8 * HOUR)
    sweep_at(MONDAY + 9 * HOUR)
    assert causes(ticket) == []
    answers(ticket, TUESDAY)
    assert ticket.due_at == TUESDAY + 8 * HOUR  # all eight hours from the answer
    [reaction] = ledger(ticket, PromiseKind.REACTION)
    assert reaction.kept is True


def test_created_straight_into_solved_both_promises_are_kept_at_once():
    ticket = request_of_carol(MONDAY)
    solves(ticket, MONDAY)
    assert (ticket.state, ticket.alarms, ticket.next_alarm_at) == (State.SOLVED, {}, None)
    assert [promise.kept for kind in PromiseKind for promise in ledger(ticket, kind)] == [True, True]
    answers(ticket, MONDAY + HOUR, text="Опять не работает")
    assert ticket.due_at == TUESDAY  # all eight hours were left


def test_solved_then_reopened_goes_on_with_what_was_left():
    ticket = request_of_carol(MONDAY)
    solves(ticket, MONDAY + 3 * HOUR)
    answers(ticket, TUESDAY, text="Опять не работает")
    assert (dues(ticket), [promise.kept for promise in ledger(ticket)]) == (
        [MONDAY + 8 * HOUR, TUESDAY + 5 * HOUR],
        [True, None],
    )


def test_reopened_after_the_deadline_gets_the_minimum_and_stays_missed():
    ticket = request_of_carol(MONDAY)
    sweep_at(MONDAY + 8 * HOUR + MINUTE)
    solves(ticket, TUESDAY)
    answers(ticket, TUESDAY + HOUR, text="Опять не работает")
    assert ticket.due_at == TUESDAY + 3 * HOUR
    assert [promise.kept for promise in ledger(ticket)] == [False, None]
    assert "не меньше" in read(ledger(ticket)[-1]) or "2 рабочих часа" in read(ledger(ticket)[-1])


def test_solved_after_the_deadline_before_the_sweep_is_missed():
    ticket = request_of_carol(MONDAY)
    solves(ticket, MONDAY + 8 * HOUR + SECOND)
    sweep_at(MONDAY + 9 * HOUR)
    assert ([promise.kept for promise in ledger(ticket)], causes(ticket)) == ([False], [])


def test_solved_while_waiting_is_judged_by_the_question():
    ticket = request_of_carol(MONDAY)
    asks(ticket, MONDAY + 7 * HOUR)
    solves(ticket, TUESDAY + 5 * HOUR)
    assert ledger(ticket)[-1].kept is True


def test_urgent_reopened_and_untaken_wants_a_name_again():
    ticket = request_of_carol(MONDAY, urgency=Urgency.URGENT)
    tickets.solve(ticket, Contribution("Готово"), acting(alice()), MONDAY + MINUTE)
    ticket.engineer_id = None
    outbox.commit()
    answers(ticket, MONDAY + HOUR, text="Опять не работает")
    sweep_at(MONDAY + HOUR + 10 * MINUTE + SECOND)
    assert Cause.URGENT_UNTAKEN in causes(ticket)


def test_urgent_put_back_into_the_queue_wants_a_name_again():
    ticket = request_of_carol(MONDAY, urgency=Urgency.URGENT)
    tickets.take(ticket, acting(alice()), MONDAY + MINUTE)
    tickets.release(ticket, acting(alice()), MONDAY + 20 * MINUTE)
    outbox.commit()
    sweep_at(MONDAY + 30 * MINUTE - SECOND)
    assert causes(ticket) == []
    sweep_at(MONDAY + 30 * MINUTE)
    assert causes(ticket) == [Cause.URGENT_UNTAKEN]


def test_joined_requests_keep_the_earlier_deadline():
    into, other = _two(MONDAY + 3 * HOUR, MONDAY)
    promising.merge(into, other, MONDAY + 4 * HOUR)
    outbox.commit()
    assert into.due_at == MONDAY + 8 * HOUR
    assert ledger(into)[0].superseded_by_id == ledger(into)[1].id
    assert [promise.superseded_by_id for promise in ledger(other)] == [ledger(into)[1].id]
    assert other.next_alarm_at is None


def test_joined_to_an_earlier_request_the_ledger_goes_on_there():
    into, other = _two(MONDAY, MONDAY + 3 * HOUR)
    promising.merge(into, other, MONDAY + 4 * HOUR)
    outbox.commit()
    assert dues(into) == [MONDAY + 8 * HOUR]
    [ended] = ledger(other)
    assert (ended.superseded_by_id, ended.kept) == (ledger(into)[0].id, None)


def test_joined_too_late_the_missed_stay_missed():
    into, other = _two(TUESDAY, MONDAY)
    promising.merge(into, other, TUESDAY + HOUR)
    outbox.commit()
    assert dues(into) == [TUESDAY + 8 * HOUR]
    [missed] = ledger(other)
    assert missed.kept is False


def test_joined_while_the_other_waits_counts_its_wait():
    into, other = _two(MONDAY + 6 * HOUR, MONDAY)
    asks(other, MONDAY + HOUR)
    promising.merge(into, other, MONDAY + 6 * HOUR)
    outbox.commit()
    assert into.due_at == TUESDAY + 4 * HOUR  # 18:00, and the five hours waited by then


def _two(first: datetime, second: datetime) -> tuple[Ticket, Ticket]:
    assert db.session.query(Promise).count() == 0
    return request_of_carol(first), request_of_carol(second, text="И печать не идёт")


def test_a_solution_taken_back_after_the_deadline_is_missed_by_the_sweep():
    ticket = request_of_carol(MONDAY)
    by = acting(alice(), Channel.WEB)  # on a page, where it can be taken back
    at = MONDAY + 8 * HOUR - 2 * SECOND
    message = tickets.solve(ticket, Contribution("Готово"), by, at)
    outbox.commit()
    tickets.recall(ticket, message, by, at + timedelta(seconds=5))
    outbox.commit()
    sweep_at(MONDAY + 8 * HOUR + MINUTE)
    assert (ledger(ticket)[-1].kept, causes(ticket)) == (False, [Cause.MISSED])
