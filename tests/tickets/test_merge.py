"""Two requests become one and two again: state, promises, letters, and who reads what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import chats, clock, escalations, notify, outbox, tickets
from app.actor import SYSTEM, Actor
from app.errors import IllegalMove
from app.extensions import db
from app.intake import Intake, receive
from app.models import (
    Cause,
    Channel,
    Chat,
    ChatTicket,
    Delivery,
    DeliveryState,
    Escalation,
    EventKind,
    Holder,
    Message,
    PromiseKind,
    State,
    Ticket,
    Urgency,
)
from app.tickets import Contribution
from app.tickets.family import joined_ids
from tests.cast import acting, alice, bob, carol, request_of_carol
from tests.clock_traps.lives import asks, dues
from tests.history import kinds, ledger
from tests.notify.letters import text_of, to

pytestmark = pytest.mark.usefixtures("quiet_desk")

CAROL, DAVE = "carol@neva-trade.example", "dave@neva-trade.example"
HOUR = timedelta(hours=1)


def merged(into: Ticket, other: Ticket, channel: Channel = Channel.API) -> None:
    tickets.merge(into, other, acting(alice(), channel), clock.now())
    outbox.commit()


def apart(other: Ticket, into: Ticket, channel: Channel = Channel.API) -> None:
    tickets.unmerge(other, into, acting(alice(), channel), clock.now())
    outbox.commit()


def of_dave(**more) -> Ticket:
    return request_of_carol(name="Дмитрий Седов", email=DAVE, phone="+79005550199", text="Касса стоит", **more)


def test_the_joined_request_is_closed_with_a_link_and_the_earlier_deadline_stays():
    other = request_of_carol()
    clock.shift(HOUR)
    into = request_of_carol(text="И печать не идёт")
    promised = other.due_at
    merged(into, other)
    assert (other.state, other.is_active, other.merged_into_id) == (State.CLOSED, False, into.id)
    assert (other.holder, other.next_alarm_at, other.closed_at is not None) == (Holder.NONE, None, True)
    assert (into.state, into.due_at) == (State.NEW, promised)
    assert kinds(other)[-1] is kinds(into)[-1] is EventKind.MERGED
    assert dict(joined_ids([into.id])) == {other.id: into.id}
    merged(into, other)
    assert kinds(into).count(EventKind.MERGED) == 1


def test_one_letter_in_the_own_thread_names_both_numbers():
    other, into = request_of_carol(), request_of_carol(text="И печать не идёт")
    notify.run()
    before = len(to(CAROL))
    merged(into, other)
    notify.run()
    [letter] = to(CAROL)[before:]
    assert letter["Subject"] == f"Заявка {other.number} объединена с заявкой {into.number} [#{other.number}]"
    assert f"ответы на это письмо попадут в заявку {into.number}" in text_of(letter)
    assert f"/r/{into.number}." in text_of(letter)
    assert into.title not in text_of(letter)


def test_answers_to_the_joined_number_go_to_the_main_one_by_any_channel():
    other, into = request_of_carol(), request_of_carol(text="И печать не идёт")
    merged(into, other)
    for channel in (Channel.EMAIL, Channel.WEB, Channel.TELEGRAM):
        receipt = receive(Intake(channel, f"Ещё {channel.value}", at=clock.now(), email=CAROL, ticket=other))
        outbox.commit()
        assert receipt.ticket.id == into.id
    assert into.answered_at is not None
    assert db.session.query(Message).filter_by(ticket_id=other.id).count() == 1


def test_a_colleague_whose_request_was_joined_gets_the_letters_of_the_main_one():
    into, other = request_of_carol(), of_dave()
    merged(into, other)
    tickets.solve(into, Contribution("Включили службу"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    assert "Включили службу" in text_of(to(DAVE)[-1])
    assert "Включили службу" in text_of(to(CAROL)[-1])
    told = next(one for one in to(CAROL) if "присоединена" in one["Subject"])
    assert "Касса стоит" not in text_of(told)
    joined = db.session.query(Delivery).filter_by(notice="solved", recipient=DAVE).one()
    assert joined.ticket_id == into.id


def test_requests_of_two_customers_never_become_one():
    into = request_of_carol()
    mallory = request_of_carol(name="Мэлори", email="mallory@evil.example", phone="", company="Нева-Трейд")
    with pytest.raises(IllegalMove, match="другой клиент"):
        tickets.merge(into, mallory, acting(alice()), clock.now())
    db.session.rollback()
    stranger = request_of_carol(name="Мэлори", email="mallory@evil.example", phone="+79005550144", company="")
    assert not tickets.is_one_customer(into, stranger)
    called = request_of_carol(name="", email="", channel=Channel.PHONE, company="")
    assert tickets.is_one_customer(into, called)


def test_what_cannot_be_merged_says_why():
    into, urgent = request_of_carol(), request_of_carol(urgency=Urgency.URGENT)
    solved = request_of_carol()
    tickets.solve(solved, Contribution("Готово"), acting(alice()), clock.now())
    outbox.commit()
    for main, other, why in (
        (into, into, "с ней самой"),
        (into, urgent, "Сделайте главной срочную"),
        (into, solved, "только открытую"),
        (solved, into, "уже не открыта"),
    ):
        with pytest.raises(IllegalMove, match=why):
            tickets.merge(main, other, acting(alice()), clock.now())
        db.session.rollback()
    merged(urgent, into)
    with pytest.raises(IllegalMove, match="объединена с другой"):
        tickets.reply(into, Contribution("Смотрю"), acting(bob()), clock.now())


def test_taken_apart_before_anybody_heard_all_is_as_it_was():
    other = request_of_carol()
    clock.shift(HOUR)
    into = request_of_carol(text="И печать не идёт")
    asks(other, clock.now())
    before = (other.state, other.due_at, other.paused_at, other.holder, other.alarms, into.due_at)
    merged(into, other, Channel.WEB)
    clock.shift(timedelta(seconds=5))
    apart(other, into, Channel.WEB)
    assert (other.state, other.due_at, other.paused_at, other.holder, other.alarms, into.due_at) == before
    assert other.is_active
    assert other.merged_into_id is None
    assert len(dues(other)) == 2
    assert len([one for one in ledger(into) if one.superseded_at is None]) == 1
    clock.shift(HOUR)
    notify.run()
    assert not [one for one in to(CAROL) if "объединена" in one["Subject"] or "отдельно" in one["Subject"]]


def test_taken_apart_later_the_customer_hears_of_it_and_no_deadline_gets_later():
    other = request_of_carol()
    clock.shift(HOUR)
    into = request_of_carol(text="И печать не идёт")
    merged(into, other)
    promised = into.due_at
    notify.run()
    clock.shift(HOUR)
    apart(other, into)
    notify.run()
    assert into.due_at == other.due_at == promised
    assert to(CAROL)[-1]["Subject"] == f"Заявка {other.number} снова ведётся отдельно [#{other.number}]"
    assert ledger(other, PromiseKind.REACTION)[-1].superseded_at is None
    tickets.reply(other, Contribution("Смотрю"), acting(bob()), clock.now())


def test_a_merge_that_is_no_more_is_told_to_nobody():
    """The letter was owed already when they were taken apart."""
    other = request_of_carol()
    clock.shift(HOUR)
    into = request_of_carol(text="И печать не идёт")
    notify.run()
    merged(into, other)
    notify.drain()
    assert db.session.query(Delivery).filter_by(notice="merged").count() > 0
    before = [one["Subject"] for one in to(CAROL)]
    apart(other, into)
    notify.run()
    told = [one["Subject"] for one in to(CAROL)][len(before) :]
    assert told == [f"Заявка {other.number} снова ведётся отдельно [#{other.number}]"]
    assert {one.state for one in db.session.query(Delivery).filter_by(notice="merged")} == {DeliveryState.FAILED}


@pytest.mark.parametrize("waits_already", [True, False])
def test_a_customer_who_waits_for_a_word_waits_on_and_is_given_back(waits_already: bool):
    other, into = request_of_carol(), request_of_carol(text="И печать не идёт")
    by_carol = Actor.of_person(carol(), "Ольга", Channel.WEB)
    for ticket in (other, into) if waits_already else (other,):
        tickets.answer(ticket, Contribution("Ещё не работает"), by_carol, clock.now())
        outbox.commit()
        clock.shift(HOUR)
    waited, own = other.answered_at, into.answered_at
    assert waited
    merged(into, other)
    assert (into.answered_at, other.answered_at) == (own or waited, None)
    apart(other, into)
    assert (into.answered_at, other.answered_at) == (own, waited)


def test_once_something_was_said_they_stay_one():
    other, into = request_of_carol(), request_of_carol(text="И печать не идёт")
    merged(into, other)
    tickets.reply(into, Contribution("Смотрю"), acting(bob()), clock.now())
    outbox.commit()
    with pytest.raises(IllegalMove, match="уже писали"):
        tickets.unmerge(other, into, acting(alice()), clock.now())


def test_chats_follow_the_request_that_goes_on_and_leave_it_again():
    into, other = request_of_carol(), of_dave()
    chat = Chat(id=77, language="ru", wishes=[], created_at=clock.now())
    db.session.add(chat)
    db.session.flush()
    db.session.add(ChatTicket(chat_id=77, ticket_id=other.id))
    outbox.commit()
    merged(into, other)
    assert chats.may_see(chat, into)
    apart(other, into)
    db.session.expire_all()
    assert not chats.may_see(chat, into)
    assert chats.may_see(chat, other)


def test_a_complaint_stays_with_its_request_and_what_only_asked_for_work_is_settled():
    into, other = request_of_carol(urgency=Urgency.URGENT), request_of_carol(urgency=Urgency.URGENT)
    for cause in (Cause.URGENT_UNTAKEN, Cause.COMPLAINT):
        escalations.escalate(other, cause, SYSTEM, clock.now())
    outbox.commit()
    merged(into, other)
    open_ones = db.session.query(Escalation.ticket_id, Escalation.cause).filter_by(resolved_at=None).all()
    assert [tuple(one) for one in open_ones] == [(other.id, Cause.COMPLAINT)]
