"""What chats are owed leaves at least once, in order, no faster than Telegram takes it, whatever the weather."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from app import alarms, bot_api, chats, clock, notify, outbox, tickets
from app.extensions import db
from app.models import BotMessage, Cause, Chat, DeliveryState
from app.notify import held, telegram
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.history import causes
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.lines import following, messages, notices, paired, say, send

OUTAGE = timedelta(minutes=2)


def gaps(fake: FakeBotApi, user: User) -> list[float]:
    """Seconds between the messages to one chat."""
    times = [said.at for said in fake.said if said.chat_id == user.id]
    return [later - sooner for sooner, later in pairwise(times)]


def test_a_chat_hears_in_order_and_one_message_a_second(app: Flask, fake: FakeBotApi, carol: User) -> None:
    say(carol, "раз", "два", "три")
    assert send() == 3
    assert carol.texts == ["раз", "два", "три"]
    assert min(gaps(fake, carol)) >= 1.0
    assert fake.weather.limits.exceeded == []


def test_forty_chats_at_once_stay_within_the_limit_and_take_no_longer_than_they_must(
    app: Flask, fake: FakeBotApi
) -> None:
    people = [fake.user(f"Клиент {number}") for number in range(40)]
    for person in people:
        say(person, "Здравствуйте")
    began = time.monotonic()
    assert send() == 40
    assert time.monotonic() - began < 20  # one after the other they would take forty
    assert all(person.texts == ["Здравствуйте"] for person in people)
    assert fake.weather.limits.exceeded == []


@pytest.mark.trust("R33")
def test_429_is_obeyed_and_nothing_overtakes(app: Flask, fake: FakeBotApi, carol: User) -> None:
    fake.weather.slow_down(2, "sendMessage", chat_id=carol.id)
    say(carol, "раз", "два")
    send()
    refused = fake.called("sendMessage")[0].at
    end = time.monotonic() + 10
    while len(carol.texts) < 2 and time.monotonic() < end:
        send()
        time.sleep(0.05)
    assert carol.texts == ["раз", "два"]
    assert fake.called("sendMessage")[1].at - refused >= 2


@pytest.mark.parametrize("trouble", ["fail", "drop"])
def test_what_did_not_get_through_is_said_later_once(app: Flask, fake: FakeBotApi, carol: User, trouble: str) -> None:
    getattr(fake.weather, trouble)("sendMessage")
    say(carol, "раз", "два")
    send()
    assert carol.texts == []
    clock.shift(OUTAGE)
    time.sleep(1.1)  # nobody is asked for a second after that
    send()
    assert carol.texts == ["раз", "два"]


def test_an_answer_that_was_lost_repeats_the_message_and_says_so_meanwhile(
    app: Flask, fake: FakeBotApi, carol: User
) -> None:
    paired(carol)
    request_of_carol()
    fake.weather.cut("sendMessage")
    send()
    assert notices()[0].state is DeliveryState.SENT
    clock.shift(OUTAGE)
    time.sleep(1.1)
    send()
    assert len(carol.texts) == 2
    assert notices()[0].state is DeliveryState.ACCEPTED


@pytest.mark.trust("R33")
def test_a_blocked_chat_fails_without_noise_where_a_letter_goes(app: Flask, fake: FakeBotApi, carol: User) -> None:
    paired(carol)
    carol.block()
    ticket = request_of_carol()
    say_later = chats.say(db.session.get_one(Chat, carol.id), "ещё", clock.now())
    outbox.commit()
    send()
    alarms.sweep()
    chat = db.session.get_one(Chat, carol.id, populate_existing=True)
    assert chat.blocked_at is not None
    assert db.session.get_one(BotMessage, say_later.id, populate_existing=True).state is DeliveryState.FAILED
    assert [one.state for one in notices()] == [DeliveryState.FAILED]
    assert causes(ticket) == []
    request_of_carol(text="Вторая")
    send()
    assert len(notices()) == 1, "a blocked chat is owed nothing"


def test_a_customer_without_an_address_whose_chat_is_closed_has_to_be_called(
    app: Flask, fake: FakeBotApi, carol: User
) -> None:
    ticket = request_of_carol(email="", phone="", name="Кто-то", company="")
    following(carol, ticket)
    carol.block()
    send()
    alarms.sweep()
    assert causes(ticket) == [Cause.UNDELIVERED]


def test_markup_in_names_and_texts_is_shown_as_it_stands(app: Flask, fake: FakeBotApi, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol()
    odd = "<b>не</b> *жирно* _и_ [нет](http://evil.example) &amp;"
    tickets.reply(ticket, Contribution(odd), acting(alice()), clock.now())
    say(carol, odd)
    send()
    assert any("<b>не</b> *жирно* _и_ [нет](http://evil.example) &amp;" in text for text in carol.texts)
    assert all("parse_mode" not in call.params for call in fake.called("sendMessage"))


def test_nothing_is_said_while_notices_are_held_after_a_restore(app: Flask, fake: FakeBotApi, carol: User) -> None:
    paired(carol)
    request_of_carol()
    notify.run()
    say(carol, "ответ")
    held.hold()
    outbox.commit()
    send()
    assert carol.texts == []
    held.release()
    outbox.commit()
    send()
    assert len(carol.texts) == 2


def test_what_is_dropped_after_a_restore_is_never_said(app: Flask, fake: FakeBotApi, carol: User) -> None:
    paired(carol)
    request_of_carol()
    notify.run()
    held.hold()
    assert held.drop() == 1
    outbox.commit()
    send()
    assert carol.texts == []
    assert [one.state for one in notices()] == [DeliveryState.FAILED]


def test_an_id_that_another_server_gave_before_stops_nobody(app: Flask, fake: FakeBotApi, carol: User) -> None:
    chat = say(carol, "раз")
    db.session.add(
        BotMessage(chat_id=chat.id, text="старое", state=DeliveryState.ACCEPTED, sent_id=2, created_at=clock.now())
    )
    outbox.commit()
    send()
    assert carol.texts == ["раз"]
    assert [one.sent_id for one in messages(carol)] == [2, None]


def test_while_nobody_answers_one_message_at_a_time_finds_out(app: Flask, fake: FakeBotApi) -> None:
    fake.weather.drop(times=1000)
    for number in range(20):
        say(fake.user(f"Клиент {number}"), "Здравствуйте")
    client = bot_api.the_client()
    telegram.send(client)
    tried = len(fake.called("sendMessage"))
    assert 0 < tried <= 6
    assert not telegram.is_due(), "what waits for Telegram is not undone"
    time.sleep(1.1)
    clock.shift(timedelta(seconds=5))
    telegram.send(client)
    assert len(fake.called("sendMessage")) == tried + 1
    fake.weather.clear()
    time.sleep(2.1)
    clock.shift(timedelta(minutes=2))
    telegram.send(client)
    assert len(fake.said) == 20


def test_the_bot_owes_the_notices_itself_when_the_workers_do_not(app: Flask, fake: FakeBotApi, carol: User) -> None:
    paired(carol)
    request_of_carol()
    clock.shift(timedelta(seconds=1))
    telegram.send(bot_api.the_client())
    assert len(carol.texts) == 1
    assert db.session.scalar(select(BotMessage.state)) is DeliveryState.ACCEPTED


def test_answers_go_before_a_heap_of_notices(app: Flask, fake: FakeBotApi, carol: User) -> None:
    others = [fake.user(f"Клиент {number}") for number in range(20)]
    for number, other in enumerate(others):
        following(other, request_of_carol(text=f"Заявка {number}"))
    notify.drain()
    say(carol, "ответ")
    send()
    assert [said.chat_id for said in fake.said].index(carol.id) == 0
    assert len(fake.said) == 21
