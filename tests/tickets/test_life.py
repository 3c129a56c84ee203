"""The life of a request, told through the verbs."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import outbox, tickets
from app.actor import Actor
from app.errors import Forbidden, IllegalMove, IntakeRejected
from app.extensions import db
from app.intake import Intake, receive
from app.models import (
    Cause,
    Channel,
    Escalation,
    EventKind,
    Holder,
    Holding,
    MessageKind,
    PromiseKind,
    State,
    Ticket,
    Urgency,
)
from app.tickets import Contribution
from tests.cast import acting, alice, bob, carol, request_of_carol
from tests.history import kinds, ledger

pytestmark = pytest.mark.usefixtures("app")

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow
HOUR = timedelta(hours=1)


def said(text: str) -> Contribution:
    return Contribution(text)


def answers(ticket: Ticket, text: str, at: datetime, **more) -> None:
    receive(Intake(Channel.EMAIL, text, at=at, email="carol@neva-trade.example", ticket=ticket, **more))
    outbox.commit()


def test_a_request_gets_its_number_promises_and_history():
    ticket = request_of_carol(MONDAY)
    assert ticket.state is State.NEW
    assert ticket.holder is Holder.QUEUE
    assert ticket.title == "1С не открывается, пишет про ключ защиты"
    [solution] = ledger(ticket)
    assert solution.due_at == ticket.due_at == MONDAY + 8 * HOUR
    assert "118/2024" in solution.why
    assert "118/2024" not in solution.why_public
    assert kinds(ticket) == [EventKind.REGISTERED]


def test_the_same_key_twice_is_one_request():
    first = request_of_carol(MONDAY, key="form-1")
    second = request_of_carol(MONDAY, key="form-1")
    assert first.id == second.id
    assert kinds(first) == [EventKind.REGISTERED]


def test_taking_reacts_and_a_colleague_comes_too_late():
    ticket = request_of_carol(MONDAY)
    tickets.take(ticket, acting(alice()), MONDAY + HOUR / 2)
    tickets.take(ticket, acting(alice()), MONDAY + HOUR)
    outbox.commit()
    assert (ticket.state, ticket.holder, ticket.engineer_id) == (State.OPEN, Holder.ENGINEER, alice().id)
    assert kinds(ticket) == [EventKind.REGISTERED, EventKind.TAKEN]
    [reaction] = ledger(ticket, PromiseKind.REACTION)
    assert reaction.kept is True
    with pytest.raises(IllegalMove, match="уже взял"):
        tickets.take(ticket, acting(bob()), MONDAY + HOUR)


def test_waiting_stops_the_clock_and_the_answer_writes_a_new_promise():
    ticket = request_of_carol(MONDAY)
    given = ticket.due_at
    assert given
    tickets.ask(ticket, said("Когда можно подключиться?"), acting(alice()), MONDAY + HOUR)
    outbox.commit()
    assert (ticket.state, ticket.holder, ticket.engineer_id) == (State.WAITING, Holder.CUSTOMER, alice().id)
    answers(ticket, "Хоть сейчас", MONDAY + 3 * HOUR)
    assert (ticket.state, ticket.holder) == (State.OPEN, Holder.ENGINEER)
    first, second = ledger(ticket)
    assert (first.due_at, first.superseded_by_id) == (given, second.id)
    assert ticket.due_at == second.due_at > given
    assert "минус 2 ч ожидания вашего ответа" in second.why.replace("\u00a0", " ")


def test_solve_thanks_reopen_solve_again():
    ticket = request_of_carol(MONDAY)
    tickets.take(ticket, acting(alice()), MONDAY)
    tickets.solve(ticket, said("Перезапустили службу ключа"), acting(alice()), MONDAY + HOUR)
    outbox.commit()
    assert (ticket.state, ticket.holder, ticket.is_active) == (State.SOLVED, Holder.NONE, False)
    answers(ticket, "Спасибо!", MONDAY + 2 * HOUR)
    assert ticket.state is State.SOLVED
    answers(ticket, "Опять не открывается", MONDAY + 3 * HOUR)
    assert (ticket.state, ticket.reopened_count, ticket.engineer_id) == (State.OPEN, 1, alice().id)
    tickets.solve(ticket, said("Заменили ключ"), acting(alice()), MONDAY + 4 * HOUR)
    answers(ticket, "Снова то же самое", MONDAY + 5 * HOUR)
    assert ticket.reopened_count == 2
    causes = db.session.scalars(select(Escalation.cause).where(Escalation.ticket_id == ticket.id)).all()
    assert causes == [Cause.REOPENED_TWICE]
    assert [promise.kept for promise in ledger(ticket)] == [True, True, None]


def test_a_robot_does_not_reopen():
    ticket = request_of_carol(MONDAY)
    tickets.solve(ticket, said("Готово"), acting(alice()), MONDAY + HOUR)
    answers(ticket, "Я в отпуске до понедельника", MONDAY + 2 * HOUR, is_automatic=True)
    assert ticket.state is State.SOLVED


def test_after_the_reopening_window_a_linked_request_begins():
    ticket = request_of_carol(MONDAY)
    tickets.solve(ticket, said("Готово"), acting(alice()), MONDAY + HOUR)
    tickets.close(ticket, MONDAY + 73 * HOUR)
    outbox.commit()
    late = Intake(Channel.EMAIL, "Опять", at=MONDAY + timedelta(days=40), email=carol().email or "", ticket=ticket)
    receipt = receive(late)
    outbox.commit()
    assert receipt.is_new
    assert (receipt.ticket.follows_id, receipt.ticket.state, ticket.state) == (ticket.id, State.NEW, State.CLOSED)
    soon = Intake(Channel.EMAIL, "Опять", at=MONDAY + timedelta(days=20), email=carol().email or "", ticket=ticket)
    assert receive(soon).ticket is ticket
    assert ticket.state is State.OPEN


def test_urgent_is_two_hours_and_never_later_than_before():
    ticket = request_of_carol(MONDAY)
    tickets.set_urgency(ticket, Urgency.URGENT, acting(alice()), MONDAY + HOUR)
    assert ticket.due_at == MONDAY + 3 * HOUR
    tickets.set_urgency(ticket, Urgency.URGENT, acting(alice()), MONDAY + 2 * HOUR)
    outbox.commit()
    assert kinds(ticket).count(EventKind.URGENT) == 1


def test_a_deadline_moves_only_with_a_reason():
    ticket = request_of_carol(MONDAY)
    with pytest.raises(IntakeRejected, match="причину"):
        tickets.move_deadline(ticket, MONDAY + 90 * HOUR, "  ", acting(alice()), MONDAY)
    tickets.move_deadline(ticket, MONDAY + 90 * HOUR, "ждём деталь", acting(alice()), MONDAY)
    outbox.commit()
    assert ticket.due_at == MONDAY + 90 * HOUR
    assert ledger(ticket)[-1].reason == "ждём деталь"


def test_a_reply_on_a_page_can_be_taken_back_by_its_author_only():
    ticket = request_of_carol(MONDAY)
    web = acting(alice(), Channel.WEB)
    message = tickets.ask(ticket, said("Какой принтер?"), web, MONDAY + HOUR)
    outbox.commit()
    assert ticket.public_state(MONDAY + HOUR) is State.OPEN
    assert not message.is_public(MONDAY + HOUR)
    with pytest.raises(Forbidden):
        tickets.recall(ticket, message, acting(bob(), Channel.WEB), MONDAY + HOUR)
    tickets.recall(ticket, message, web, MONDAY + HOUR + timedelta(seconds=5))
    outbox.commit()
    assert (ticket.state, ticket.holder, ticket.paused_at) == (State.OPEN, Holder.ENGINEER, None)
    late = tickets.reply(ticket, said("Сделаем"), web, MONDAY + 2 * HOUR)
    with pytest.raises(IllegalMove, match="уже ушло"):
        tickets.recall(ticket, late, web, MONDAY + 2 * HOUR + timedelta(seconds=10))


def test_a_recalled_solution_leaves_the_promise_open():
    ticket = request_of_carol(MONDAY)
    tickets.take(ticket, acting(alice()), MONDAY)
    web = acting(alice(), Channel.WEB)
    message = tickets.solve(ticket, said("Готово"), web, MONDAY + HOUR)
    tickets.recall(ticket, message, web, MONDAY + HOUR)
    outbox.commit()
    assert (ticket.state, ticket.is_active, ticket.holder) == (State.OPEN, True, Holder.ENGINEER)
    assert ledger(ticket)[-1].kept is None
    assert ticket.next_alarm_at is not None


@pytest.mark.parametrize("verb", [tickets.reply, tickets.ask, tickets.solve])
def test_who_waited_for_a_word_that_was_taken_back_waits_on(verb: Any):
    ticket = request_of_carol(MONDAY)
    web, customer = acting(alice(), Channel.WEB), Actor.of_person(carol(), "Ольга", Channel.WEB)
    tickets.take(ticket, web, MONDAY)
    tickets.answer(ticket, said("Не работает"), customer, MONDAY + HOUR)
    message = verb(ticket, said("Едем"), web, MONDAY + 2 * HOUR)
    outbox.commit()
    assert ticket.answered_at is None
    tickets.recall(ticket, message, web, MONDAY + 2 * HOUR)
    outbox.commit()
    assert ticket.answered_at == MONDAY + HOUR
    first = tickets.reply(ticket, said("Едем"), web, MONDAY + 2 * HOUR)
    tickets.reply(ticket, said("Через час"), web, MONDAY + 2 * HOUR)
    outbox.commit()
    tickets.recall(ticket, first, web, MONDAY + 2 * HOUR)
    assert ticket.answered_at is None, "the other word stands"


def test_the_ball_is_always_in_one_court_without_gaps():
    ticket = request_of_carol(MONDAY)
    tickets.take(ticket, acting(alice()), MONDAY + HOUR)
    tickets.hold(ticket, Holder.THIRD_PARTY, "провайдер", acting(alice()), MONDAY + 2 * HOUR)
    tickets.hold(ticket, Holder.ENGINEER, "", acting(alice()), MONDAY + 3 * HOUR)
    tickets.solve(ticket, said("Готово"), acting(alice()), MONDAY + 4 * HOUR)
    outbox.commit()
    query = select(Holding).where(Holding.ticket_id == ticket.id).order_by(Holding.id)
    spans = list(db.session.scalars(query))
    assert [span.holder for span in spans] == [Holder.QUEUE, Holder.ENGINEER, Holder.THIRD_PARTY, Holder.ENGINEER]
    assert all(before.ended_at == after.started_at for before, after in itertools.pairwise(spans))
    assert spans[-1].ended_at == MONDAY + 4 * HOUR


def test_ratings_one_per_solution_changeable_for_three_days():
    ticket = request_of_carol(MONDAY)
    by = acting(alice())
    with pytest.raises(IllegalMove, match="ещё не решена"):
        tickets.rate(ticket, 5, "", by, MONDAY)
    tickets.solve(ticket, said("Готово"), by, MONDAY + HOUR)
    tickets.rate(ticket, 2, "долго", by, MONDAY + 2 * HOUR)
    tickets.rate(ticket, 4, "", by, MONDAY + 3 * HOUR)
    outbox.commit()
    assert ticket.rating == 4
    with pytest.raises(IllegalMove, match="трёх дней"):
        tickets.rate(ticket, 1, "", by, MONDAY + 100 * HOUR)
    causes = db.session.scalars(select(Escalation.cause).where(Escalation.ticket_id == ticket.id)).all()
    assert causes == [Cause.LOW_RATING]


def test_notes_change_nothing():
    ticket = request_of_carol(MONDAY)
    message = tickets.note(ticket, said("Ключ на месте"), acting(alice()), MONDAY)
    assert (message.kind, ticket.state, ticket.reacted_at) == (MessageKind.NOTE, State.NEW, None)
    assert not message.is_public(MONDAY + HOUR)
