"""Pages in Telegram: the button, several in one message, a chat that is blocked or changed hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app import clock, escalations, outbox
from app.actor import SYSTEM
from app.extensions import db
from app.intake.telegram import dialogue
from app.intake.telegram.turn import Kind, Turn
from app.models import Cause, Chat, DeliveryChannel, DeliveryState, DutyRole
from app.notify.telegram import pace
from tests.cast import alice, bob, masha, request_of_carol
from tests.duty.rota import shift
from tests.notify.letters import to
from tests.paging.night import MINUTE, OPENING, THREE, called, escalation_of, go_to, urgent
from tests.telegram import fake as server
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.lines import notices, of_staff, plain, send

TELEGRAM = DeliveryChannel.TELEGRAM


@pytest.fixture
def fake() -> Iterator[FakeBotApi]:
    with server.running() as running:
        yield running


@pytest.fixture
def desk(make_app: Callable[..., Flask], fake: FakeBotApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """New Year's night: Alice is on duty, Masha manages. No chat waits a second between two messages."""
    fake.weather.limits.chat_gap = 0
    monkeypatch.setattr(pace, "CHAT_GAP", 0.0)
    app = make_app(PUBLIC_URL="https://help.stekspb.ru", **fake.settings)
    with app.app_context():
        clock.shift(THREE - timedelta(days=1) - clock.now())
        masha()
        shift(alice(), "2026-12-31 09:00", "2027-01-02 09:00")
        yield app


@pytest.fixture
def alices(desk: Flask, fake: FakeBotApi) -> User:
    user = fake.user("Алиса")
    of_staff(user, alice())
    return user


@pytest.fixture
def mashas(desk: Flask, fake: FakeBotApi) -> User:
    user = fake.user("Мария")
    of_staff(user, masha())
    return user


def press(user: User, label: str) -> str:
    said = next(one for one in reversed(user.messages) if label in one.labels)
    data = next(button["callback_data"] for row in said.buttons for button in row if button["text"] == label)
    with outbox.transaction():
        chat = db.session.get_one(Chat, user.id, populate_existing=True)
        outcome = dialogue.respond(Turn(chat, 1, clock.now(), Kind.BUTTON, button=data))
    send()
    return outcome


def test_who_is_on_duty_takes_charge_by_the_button_and_the_manager_reads_who_did(alices: User, mashas: User) -> None:
    ticket = urgent()
    for minute in (0, 20):
        go_to(THREE + minute * MINUTE)
        send()
    said = plain(alices.hears("срочную никто не взял").text)
    assert said.startswith(f"Заявка {ticket.number}: срочную никто не взял\n1С не открывается, пишет про ключ защиты\n")
    assert "Открыто: 1 января, 3:00" in said
    assert press(alices, "Беру на контроль") == "acknowledged"
    assert escalation_of(ticket).watched_by_id == alice().id
    assert press(mashas, "Беру на контроль") == "acknowledged before"
    assert "Уже на контроле (Алиса Орлова, сегодня, 3:20)" in plain(mashas.hears("Уже на контроле").text)
    assert go_to(THREE + 49 * MINUTE) == 0


def test_several_are_one_message_with_one_button(alices: User) -> None:
    several = [urgent(text=f"Касса {number} не печатает") for number in range(3)]
    go_to(THREE)
    send()
    said = alices.hears("Ждут вас: 3")
    assert all(ticket.number in said.text for ticket in several)
    assert said.labels == ["Беру на контроль всё"]
    assert press(alices, "Беру на контроль всё") == "acknowledged"
    assert {escalation_of(ticket).watched_by_id for ticket in several} == {alice().id}
    assert press(alices, "Беру на контроль всё") == "acknowledged before"


def test_a_message_that_was_told_in_another_chat_gives_nothing_here(alices: User, mashas: User) -> None:
    [first, _second] = [urgent(text=f"Касса {number}") for number in range(2)]
    go_to(THREE)
    send()
    data = next(button["callback_data"] for row in alices.hears("Ждут вас: 2").buttons for button in row)
    with outbox.transaction():
        chat = db.session.get_one(Chat, mashas.id, populate_existing=True)
        assert dialogue.respond(Turn(chat, 1, clock.now(), Kind.BUTTON, button=data)) == "no escalation"
    assert escalation_of(first).acknowledged_at is None


def test_a_blocked_bot_leaves_the_letter_and_the_next_step(alices: User, fake: FakeBotApi) -> None:
    shift(bob(), "2026-12-31 09:00", "2027-01-02 09:00", DutyRole.NEXT)
    bobs = fake.user("Борис")
    of_staff(bobs, bob())
    alices.block()
    urgent()
    go_to(THREE)
    send()
    paged = [one for one in notices(alices) if one.notice == "page"]
    assert [one.state for one in paged] == [DeliveryState.FAILED]
    assert any("никто не взял" in str(letter["Subject"]) for letter in to("alice@stek.example"))
    go_to(THREE + 10 * MINUTE)
    send()
    assert bobs.hears("срочную никто не взял").labels
    assert called(TELEGRAM) == [("03:00", str(alices.id)), ("03:10", str(bobs.id))], "a closed chat is not tried again"


def test_a_chat_that_changed_hands_reads_nothing(alices: User) -> None:
    urgent()
    go_to(THREE)
    chat = db.session.get_one(Chat, alices.id, populate_existing=True)
    chat.staff_id = bob().id
    outbox.commit()
    send()
    assert not any("срочную никто не взял" in text for text in alices.texts)


def test_a_manager_may_switch_off_what_can_wait_and_never_the_rest(mashas: User) -> None:
    chat = db.session.get_one(Chat, mashas.id)
    chat.wishes = {"escalation": False}
    outbox.commit()
    clock.shift(OPENING - clock.now())
    ticket = request_of_carol()
    with outbox.transaction():
        escalations.escalate(ticket, Cause.REOPENED_TWICE, SYSTEM, clock.now())
    go_to(OPENING + MINUTE)
    assert called(TELEGRAM) == []
    with outbox.transaction():
        escalations.report_system("silent: mail", "Часть программы «mail» молчит", clock.now())
    go_to(OPENING + 2 * MINUTE)
    assert called(TELEGRAM) == [("09:02", str(mashas.id))]
