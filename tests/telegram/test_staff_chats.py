"""Engineers and the manager in their chats: they hear by their wishes, take and acknowledge by a button, or may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import alarms, clock, escalations, outbox, paging, tickets
from app.actor import SYSTEM, Actor
from app.extensions import db
from app.intake.telegram import dialogue
from app.intake.telegram.turn import Kind, Turn
from app.models import (
    Cause,
    Channel,
    Chat,
    DeliveryState,
    Escalation,
    Event,
    EventKind,
    Staff,
    State,
    Ticket,
    Urgency,
)
from app.tickets import Contribution
from tests.cast import acting, alice, bob, masha, request_of_carol
from tests.history import kinds
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.lines import chat_of, notices, plain, send

MINUTE = timedelta(minutes=1)


def press(user: User, label: str) -> str:
    """Press a button, and answer the turn as the bot's process would; the outcome in one word."""
    said = next(one for one in reversed(user.messages) if label in one.labels)
    data = next(button["callback_data"] for row in said.buttons for button in row if button["text"] == label)
    return pressed(user, data)


def pressed(user: User, data: str) -> str:
    with outbox.transaction():
        chat = db.session.get_one(Chat, user.id, populate_existing=True)
        outcome = dialogue.respond(Turn(chat, 1, clock.now(), Kind.BUTTON, button=data))
    send()
    return outcome


def anew(ticket: Ticket) -> Ticket:
    db.session.refresh(ticket)
    return ticket


def test_an_urgent_request_is_taken_by_a_button(alices: User) -> None:
    ticket = request_of_carol(urgency=Urgency.URGENT)
    send()
    said = alices.hears("срочная, нужен инженер")
    assert plain(said.text) == (
        f"Заявка {ticket.number}: срочная, нужен инженер\n"
        "1С не открывается, пишет про ключ защиты\n\n"
        "Заявитель: Петрова Ольга Сергеевна, ООО «Нева-Трейд», +7 (900) 555-01-44, carol@neva-trade.example\n"
        "Инженер: пока никто не взял\n"
        "Срок: сегодня, 12:00"
    )
    assert said.labels == ["Взять", "Открыть заявку"]
    assert press(alices, "Взять") == "taken"
    assert f"Вы взяли заявку {ticket.number} 1С не открывается" in alices.hears("Вы взяли").text
    assert (anew(ticket).state, ticket.engineer_id) == (State.OPEN, alice().id)
    assert kinds(ticket) == [EventKind.REGISTERED, EventKind.TAKEN]
    assert press(alices, "Взять") == "taken before"
    assert kinds(ticket) == [EventKind.REGISTERED, EventKind.TAKEN]


def test_who_is_late_reads_who_was_faster(alices: User) -> None:
    ticket = request_of_carol(urgency=Urgency.URGENT)
    send()
    tickets.take(ticket, acting(bob()), clock.now())
    outbox.commit()
    assert press(alices, "Взять") == "refused"
    assert "Заявку уже взял(а) Белов" in alices.hears("уже взял").text
    assert anew(ticket).engineer_id == bob().id


def test_a_solved_request_cannot_be_taken_from_an_old_message(alices: User) -> None:
    ticket = request_of_carol(urgency=Urgency.URGENT)
    send()
    tickets.solve(ticket, Contribution("Сделано"), acting(bob()), clock.now())
    outbox.commit()
    assert press(alices, "Взять") == "refused"
    assert anew(ticket).state is State.SOLVED


@pytest.mark.trust("A7")
def test_a_disabled_engineer_is_refused_and_hears_nothing(alices: User) -> None:
    ticket = request_of_carol(urgency=Urgency.URGENT)
    send()
    db.session.get_one(Staff, alice().id).is_disabled = True
    outbox.commit()
    before = len(alices.texts)
    assert press(alices, "Взять") == "refused"
    assert anew(ticket).engineer_id is None
    assert kinds(ticket) == [EventKind.REGISTERED]
    request_of_carol(urgency=Urgency.URGENT, text="Ещё одна")
    send()
    assert len(alices.texts) == before + 1, "the refusal alone"


@pytest.mark.trust("I2")
@pytest.mark.parametrize("data", ["take:{number}", "acknowledge:1", "take:x", "acknowledge:99999999999999"])
def test_a_stranger_who_presses_what_was_never_shown_gets_nothing(
    desk: Flask,
    fake: FakeBotApi,
    data: str,
) -> None:
    mallory = fake.user("Меллори")
    chat_of(mallory)
    ticket = request_of_carol(urgency=Urgency.URGENT)
    escalations.escalate(ticket, Cause.URGENT_UNTAKEN, SYSTEM, clock.now())
    outbox.commit()
    assert pressed(mallory, data.format(number=ticket.number)) == "refused"
    assert anew(ticket).engineer_id is None
    assert db.session.scalar(select(Escalation.acknowledged_at)) is None
    assert not any("1С" in text for text in mallory.texts)


def test_the_manager_acknowledges_by_a_button_and_an_engineer_may_not(alices: User, mashas: User) -> None:
    ticket = request_of_carol(urgency=Urgency.URGENT)
    send()
    clock.shift(11 * MINUTE)
    alarms.sweep()
    paging.sweep()
    send()
    assert alices.hears("срочную никто не взял").labels == ["Взять", "Открыть заявку"]
    assert mashas.hears("срочную никто не взял").labels == ["Беру на контроль", "Взять", "Открыть заявку"]
    query = select(Escalation).where(Escalation.cause == Cause.URGENT_UNTAKEN)
    escalation = db.session.scalars(query).one()
    assert pressed(alices, f"acknowledge:{escalation.id}") == "refused"
    assert press(mashas, "Беру на контроль") == "acknowledged"
    db.session.refresh(escalation)
    assert escalation.acknowledged_by_id == masha().id
    assert kinds(ticket)[-1] is EventKind.ACKNOWLEDGED
    assert press(mashas, "Беру на контроль") == "acknowledged before"
    assert "Уже на контроле (Мария Иванова, сегодня, 10:11)" in plain(mashas.hears("Уже на контроле").text)


def test_my_requests_show_staff_their_work_and_what_nobody_has(alices: User) -> None:
    mine, nobodys = request_of_carol(), request_of_carol(text="Принтер печатает полосами")
    tickets.take(mine, acting(alice()), clock.now())
    outbox.commit()
    with outbox.transaction():
        chat = db.session.get_one(Chat, alices.id)
        dialogue.respond(Turn(chat, 1, clock.now(), Kind.TEXT, text="Мои заявки"))
    send()
    said = alices.hears("Ваши заявки:")
    assert plain(said.text) == (
        f"Ваши заявки:\n{mine.number} 1С не открывается, пишет про ключ защиты, до 18:00\n\n"
        f"Пока никто не взял:\n{nobodys.number} Принтер печатает полосами, до 18:00"
    )
    assert said.labels == [f"Взять {nobodys.number}"]
    assert press(alices, f"Взять {nobodys.number}") == "taken"


def test_a_taking_in_a_chat_is_an_act_of_the_engineer_by_telegram(alices: User) -> None:
    ticket = request_of_carol(urgency=Urgency.URGENT)
    send()
    press(alices, "Взять")
    event = db.session.scalars(select(Event).where(Event.ticket_id == ticket.id).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.staff_id, event.channel, event.actor_name) == (alice().id, Channel.TELEGRAM, "Алиса Орлова")
    assert Actor.of_staff(alice()).name == event.actor_name


@pytest.mark.trust("A14")
def test_a_flood_of_urgent_requests_is_one_digest_in_the_chat(desk: Flask, fake: FakeBotApi, mashas: User) -> None:
    several = [
        request_of_carol(email=f"m{number}@else.example", company="Рога", urgency=Urgency.URGENT, text="Срочно!")
        for number in range(9)
    ]
    send()
    assert len(mashas.texts) == 5
    tickets.take(several[8], acting(alice()), clock.now())
    outbox.commit()
    clock.shift(11 * MINUTE)
    send()
    digest = mashas.messages[5]
    assert digest.text.startswith("Срочные заявки, которые никто не взял: 3\n")
    assert digest.labels == [f"Взять {ticket.number}" for ticket in several[5:8]]
    assert [one.state for one in notices(mashas)] == [DeliveryState.ACCEPTED] * 9
    assert press(mashas, f"Взять {several[6].number}") == "taken"
