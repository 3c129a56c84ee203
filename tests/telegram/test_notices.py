"""Carol hears of her request in Telegram, beside the letters: each notice in the words of the script, with buttons."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app import alarms, clock, notify, outbox, pairing, tickets
from app.actor import SYSTEM
from app.config import settings
from app.extensions import db
from app.models import Channel, Chat, Delivery, DeliveryChannel, DeliveryState, EventKind, Staff, Ticket, Urgency
from app.reading.conversation import conversation
from app.reading.reader import Reader
from app.reading.ticket import head
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol, staff
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.lines import by_carol, chat_of, following, notices, paired, plain, send

DMITRI = "dmitri@stek.example"


def dmitri() -> Staff:
    return staff("Дмитрий Кузнецов", email=DMITRI)


def told(carol: User, part: str) -> tuple[str, list[str]]:
    """The next words to her that hold this part, and the buttons under them."""
    said = carol.hears(part, within=20)
    return plain(said.text), said.labels


def test_a_request_is_confirmed_with_number_deadline_and_reason(desk: Flask, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol()
    send()
    text, labels = told(carol, "Заявка принята")
    assert text == (
        f"Заявка принята. Номер {ticket.number}.\n"
        "Крайний срок: сегодня, 18:00.\n"
        "Почему такой срок: 8 рабочих часов по договору 118/2024 с пн 10:00.\n"
        "Письмо с номером отправили на carol@neva-trade.example.\n"
        "Чтобы дополнить заявку, ответьте на это сообщение."
    )
    assert labels == ["Открыть на сайте", "Пожаловаться руководителю"]
    assert [(one.notice, one.state) for one in notices()] == [("registered", DeliveryState.ACCEPTED)]


def test_an_urgent_request_is_promised_if_it_is_technically_possible(desk: Flask, carol: User) -> None:
    paired(carol)
    request_of_carol(urgency=Urgency.URGENT)
    send()
    text, _labels = told(carol, "Заявка принята")
    assert "Решим до 12:00 сегодня, если это технически возможно." in text


def test_the_whole_life_of_a_request_in_the_words_of_the_script(desk: Flask, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol(urgency=Urgency.URGENT)
    by = acting(dmitri())
    send()
    tickets.take(ticket, by, clock.now())
    tickets.reply(ticket, Contribution("Перезапускаю службу."), by, clock.now())
    tickets.ask(ticket, Contribution("Когда можно подключиться?"), by, clock.now())
    outbox.commit()
    send()
    number = ticket.number
    assert told(carol, "Взял")[0] == f"Заявка {number}. Взял в работу Дмитрий Кузнецов."
    assert told(carol, "Перезапускаю")[0] == f"Заявка {number}. Дмитрий Кузнецов: «Перезапускаю службу.»"
    assert told(carol, "подключиться")[0] == (
        f"Заявка {number}. Инженер ждёт вашего ответа: «Когда можно подключиться?»\n"
        "Пока вы не ответите, мы не сможем продолжить."
    )
    tickets.answer(ticket, Contribution("Сейчас"), by_carol(), clock.now())
    tickets.solve(ticket, Contribution("Включили автозапуск службы."), by, clock.now())
    outbox.commit()
    send()
    text, labels = told(carol, "решена")
    assert text == (
        f"Заявка {number} решена. «Включили автозапуск службы.»\n\n"
        "Если не ответите до 26 ноября, 11:00, заявка закроется сама.\nОцените, как мы справились:"
    )
    assert labels == ["1", "2", "3", "4", "5", "Не помогло, открыть заново"]
    tickets.reopen(ticket, Contribution("Не помогло"), by_carol(), clock.now())
    outbox.commit()
    send()
    assert told(carol, "снова в работе")[0].startswith(f"Заявка {number} снова в работе. Новый срок: сегодня, ")


def test_taking_is_worded_by_the_engineers_name(desk: Flask, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol(urgency=Urgency.URGENT)
    tickets.take(ticket, acting(alice()), clock.now())
    outbox.commit()
    send()
    assert told(carol, "Алиса")[0] == f"Заявка {ticket.number}. Взяла в работу Алиса Орлова."


def test_all_her_chats_hear_and_strangers_do_not(desk: Flask, fake: FakeBotApi, carol: User) -> None:
    tablet, mallory = fake.user("Ольга"), fake.user("Меллори")
    paired(carol), paired(tablet), chat_of(mallory)
    request_of_carol()
    send()
    assert [len(one.texts) for one in (carol, tablet, mallory)] == [1, 1, 0]


def test_a_chat_that_brought_a_request_hears_of_this_one_alone_without_the_contracts_number(
    desk: Flask, carol: User
) -> None:
    following(carol, ticket := request_of_carol())
    request_of_carol(text="Другая заявка")
    send()
    assert len(carol.texts) == 1
    assert "по вашему договору" in plain(carol.texts[0])
    assert ticket.number in carol.texts[0]


def test_telegrams_acceptance_alone_starts_the_days_of_silence(desk: Flask, carol: User) -> None:
    ticket = request_of_carol(email="", phone="", name="Кто-то", company="")
    following(carol, ticket)
    send()
    tickets.solve(ticket, Contribution("Сделано"), acting(alice()), clock.now())
    outbox.commit()
    send()
    alarms.sweep()
    solved = notices()[-1]
    closing = db.session.scalar(select(Ticket.close_at).where(Ticket.id == ticket.id))
    assert (solved.notice, solved.state) == ("solved", DeliveryState.ACCEPTED)
    assert solved.closing_at == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    assert closing == solved.closing_at


def test_a_chat_that_was_untied_meanwhile_hears_nothing_more(desk: Flask, carol: User) -> None:
    chat = paired(carol)
    request_of_carol()
    notify.drain()
    pairing.unpair(chat, clock.now())
    outbox.commit()
    send()
    assert carol.texts == []
    assert [(one.state, one.is_escalated) for one in notices()] == [(DeliveryState.FAILED, True)]


def test_what_time_has_overtaken_is_not_said(desk: Flask, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol()
    tickets.ask(ticket, Contribution("Какая версия?"), acting(alice()), clock.now())
    outbox.record(ticket, EventKind.REMINDED, SYSTEM, clock.now(), about="question")
    tickets.answer(ticket, Contribution("8.3"), by_carol(), clock.now())
    outbox.commit()
    send()
    assert [one.state for one in notices() if one.notice == "reminded"] == [DeliveryState.FAILED]
    assert not any("ответа пока нет" in text for text in carol.texts)


def test_complaints_and_ratings_made_in_a_chat_are_answered_there_and_not_by_a_notice(desk: Flask, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol()
    tickets.complain(ticket, "Никто не звонит", by_carol(), clock.now())
    outbox.commit()
    send()
    assert [one.notice for one in notices()] == ["registered"]
    tickets.complain(ticket, "С сайта", by_carol(Channel.WEB), clock.now())
    outbox.commit()
    send()
    assert [one.notice for one in notices()] == ["registered"]  # a complaint leaves no trace on its request


@pytest.mark.trust("A11")
def test_a_note_never_reaches_a_chat(desk: Flask, fake: FakeBotApi, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol()
    tickets.note(ticket, Contribution("канарейка 7351"), acting(alice()), clock.now())
    tickets.reply(ticket, Contribution("Ответ"), acting(alice()), clock.now())
    outbox.commit()
    send()
    assert any("Ответ" in text for text in carol.texts)
    assert not any("7351" in said.text for said in fake.said)


def test_letters_and_messages_are_rows_of_one_kind(desk: Flask, carol: User) -> None:
    paired(carol)
    request_of_carol()
    send()
    query = select(Delivery.channel, Delivery.state).order_by(Delivery.id)
    by_channel = dict(db.session.execute(query).all())
    assert by_channel == {
        DeliveryChannel.EMAIL: DeliveryState.ACCEPTED,
        DeliveryChannel.TELEGRAM: DeliveryState.ACCEPTED,
    }
    assert db.session.scalar(select(Chat.blocked_at).where(Chat.id == carol.id)) is None


def test_drained_and_sent_twice_is_said_once(desk: Flask, carol: User) -> None:
    paired(carol)
    request_of_carol()
    assert send() == 1
    assert send() == 0
    assert len(carol.texts) == 1


def test_staff_see_on_the_request_whether_the_chat_was_reached(desk: Flask, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol()
    reader = Reader(alice().id, clock.now(), settings().time_zone)
    notify.run()

    def shown() -> list[str]:
        talk = conversation(head(ticket.number, reader), reader, is_manager=False)
        return [notice.text for entry in talk.entries for notice in entry.notices if "Telegram" in notice.text]

    assert shown() == ["Telegram: ждёт отправки"]
    send()
    assert shown() == ["Telegram: доставлено 10:00"]
    carol.block()
    tickets.reply(ticket, Contribution("Смотрю"), acting(alice()), clock.now())
    outbox.commit()
    send()
    assert shown()[1].startswith("Telegram: не доставлено: Чат закрыт")


def test_an_english_chat_is_spoken_to_in_english(desk: Flask, carol: User) -> None:
    paired(carol).language = "en"
    outbox.commit()
    ticket = request_of_carol()
    tickets.ask(ticket, Contribution("Which version?"), acting(alice()), clock.now())
    tickets.solve(ticket, Contribution("Done"), acting(alice()), clock.now())
    outbox.commit()
    send()
    assert told(carol, "Number")[0].startswith(
        f"Your request is registered. Number {ticket.number}.\nDeadline: today, "
    )
    assert told(carol, "Which version?")[0].startswith(f"Request {ticket.number}. The engineer waits for your answer:")
    assert told(carol, "solved")[1][-1] == "It did not help, reopen"
    assert not re.search("[а-яё]", " ".join(carol.texts), re.IGNORECASE)
