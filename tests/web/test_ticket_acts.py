"""Every act on a request's page, and refusals that keep what was typed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, outbox, tickets
from app.actor import Actor
from app.clock import now
from app.extensions import db
from app.models import (
    Channel,
    EventKind,
    Message,
    MessageKind,
    State,
    Ticket,
)
from app.tickets import Contribution
from tests.cast import acting, alice, bob, carol
from tests.history import kinds
from tests.web.acting import action, address, sent
from tests.web.browse import Browser
from tests.web.signing_in import browser_of, csrf_token


@pytest.mark.parametrize(
    ("kind", "then", "state", "event", "made"),
    [
        ("reply", "", State.OPEN, EventKind.REPLIED, MessageKind.REPLY),
        ("reply", "question", State.WAITING, EventKind.ASKED, MessageKind.QUESTION),
        ("reply", "solution", State.SOLVED, EventKind.SOLVED, MessageKind.SOLUTION),
        ("question", "", State.WAITING, EventKind.ASKED, MessageKind.QUESTION),
        ("solution", "", State.SOLVED, EventKind.SOLVED, MessageKind.SOLUTION),
        ("note", "", State.NEW, EventKind.NOTED, MessageKind.NOTE),
    ],
)
def test_writing_does_what_its_kind_says(alices: Browser, ticket: Ticket, kind, then, state, event, made):
    page = sent(alices, ticket, "reply", kind=kind, then=then, text="Вижу ошибку на сервере")
    assert ticket.state is state
    assert kinds(ticket)[-1] is event
    message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert message is not None
    assert message.kind is made
    card = page.one("li", id=f"m{message.id}")
    assert card.get("class") == f"message message--{made.value}"
    words = "".join(card.itertext())
    assert ("Заметка, клиент не видит" in words) == (made is MessageKind.NOTE)
    assert ("Отменить отправку" in words) == (made is not MessageKind.NOTE)


def test_files_go_with_a_reply(alices: Browser, ticket: Ticket):
    page = sent(
        alices, ticket, "reply", text="Схема", files=(io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 99), "схема.png")
    )
    links = [one for one in page.root.iter("a") if (one.get("href") or "").startswith("/files/")]
    assert len(links) == 1
    with alices.client.get(str(links[0].get("href"))) as file:
        assert file.status_code == 200


def test_a_second_click_says_nothing_twice(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    for _ in range(2):
        alices.send(page, action(page, f"{address(ticket)}/reply"), text="Смотрю")
    assert kinds(ticket).count(EventKind.REPLIED) == 1


def test_an_empty_reply_and_an_unknown_kind_are_refused(alices: Browser, ticket: Ticket):
    assert "Напишите текст сообщения." in sent(alices, ticket, "reply", 422, text=" ").text
    sent(alices, ticket, "reply", 422, text="x", kind="auto")
    assert kinds(ticket) == [EventKind.REGISTERED]


@pytest.mark.trust("A8")
def test_alice_takes_a_reply_back_and_nobody_else_can(app: Flask, alices: Browser, ticket: Ticket):
    page = sent(alices, ticket, "reply", kind="question", text="Какая версия?")
    recall = next(one.get("action") for one in page.root.iter("form") if "recall" in (one.get("action") or ""))
    other = browser_of(app, bob())
    token = csrf_token(other)
    assert other.post(str(recall), data={"csrf_token": token}).status_code == 403
    page = alices.send(page, str(recall))
    assert ticket.state is not State.WAITING
    assert page.one("textarea", id="text").text == "\nКакая версия?" or "Какая версия?" in (
        page.one("textarea", id="text").text or ""
    )
    assert "Вы отменили отправку" in page.text


def test_too_late_to_take_back(alices: Browser, ticket: Ticket):
    page = sent(alices, ticket, "reply", text="Ушло")
    recall = next(one.get("action") for one in page.root.iter("form") if "recall" in (one.get("action") or ""))
    clock.shift(timedelta(seconds=11))
    assert "уже ушло клиенту" in alices.send(page, str(recall), 409).text


def test_whose_work_it_is(alices: Browser, ticket: Ticket):
    sent(alices, ticket, "taking")
    assert ticket.engineer_id == alice().id
    sent(alices, ticket, "assignment", engineer=str(bob().id))
    assert ticket.engineer_id == bob().id
    sent(alices, ticket, "holder", holder="third_party", holder_reason="Ждём провайдера")
    assert ticket.holder == "third_party"
    sent(alices, ticket, "holder", holder="engineer")
    assert ticket.holder == "engineer"
    page = sent(alices, ticket, "release")
    assert [ticket.engineer_id, ticket.state] == [None, State.NEW]
    assert "Вы вернули заявку в очередь" in page.text
    sent(alices, ticket, "assignment", 422, engineer="nobody@stek.example")


def test_a_colleague_was_faster(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    tickets.take(ticket, acting(bob()), now())
    outbox.commit()
    action = next(one.get("action") for one in page.root.iter("form") if "/taking" in (one.get("action") or ""))
    refused = alices.send(page, str(action), 409)
    assert "Заявку уже взял(а) Белов" in refused.text


def test_an_answer_that_came_meanwhile_is_read_before_sending(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    by_carol = Actor.of_person(carol(), "Ольга", Channel.WEB)
    tickets.answer(ticket, Contribution("Уже не работает совсем"), by_carol, now())
    outbox.commit()
    form = page.one("form", id="composer")
    seen = page.one("input", name="seen").get("value")
    refused = alices.send(page, str(form.get("action")), 409, text="Мой ответ", seen=seen)
    assert "Мой ответ" in (refused.one("textarea", id="text").text or "")


def test_urgency_and_deadline(alices: Browser, ticket: Ticket):
    sent(alices, ticket, "urgency")
    assert ticket.urgency == "urgent"
    sent(alices, ticket, "deadline", 422, due="", reason="Нет детали")
    sent(alices, ticket, "deadline", 422, due="2020-01-01T10:00", reason="Нет детали")
    refused = sent(alices, ticket, "deadline", 422, due="2031-03-05T15:30", reason="")
    assert "Напишите причину" in refused.text
    assert refused.one("input", id="due").get("value") == "2031-03-05T15:30"
    page = sent(alices, ticket, "deadline", due="2031-03-05T15:30", reason="Нет детали", impossible="1")
    assert f"{ticket.due_at:%Y-%m-%d %H:%M}" == "2031-03-05 12:30"
    assert "Технически невозможно за 2 часа. Нет детали" in page.text
    sent(alices, ticket, "urgency")
    assert ticket.urgency == "normal"


def test_the_end_and_the_way_back(alices: Browser, ticket: Ticket):
    assert "Напишите, что сделано" in sent(alices, ticket, "solution", 422, text="").text
    sent(alices, ticket, "solution", text="Заменили ключ")
    assert ticket.state == "solved"
    page = sent(alices, ticket, "telling")
    assert ticket.close_at is not None
    assert "Вы сообщили о решении по телефону" in page.text
    page = sent(alices, ticket, "reopening", text="Клиент перезвонил")
    assert ticket.state == "open"
    assert "Вы открыли заявку заново" in page.text


def test_an_illegal_move_keeps_the_typed_words(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    tickets.solve(ticket, Contribution("Готово"), acting(bob()), now())
    outbox.commit()
    form = page.one("form", id="composer")
    refused = alices.send(page, str(form.get("action")), 409, kind="question", text="Долго писала это")
    assert "Пока вы писали, в заявке появилось новое сообщение" in refused.text
    again = alices.send(
        refused, str(refused.one("form", id="composer").get("action")), 409, kind="question", text="Ещё"
    )
    assert "Спросить клиента можно только по открытой заявке" in again.text
    assert "Долго писала это" in (refused.one("textarea", id="text").text or "")


def test_numbers_that_no_database_takes_are_refused_in_words(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    huge = "9" * 20
    assigned = alices.send(page, action(page, f"{address(ticket)}/assignment"), 422, engineer=huge)
    assert "Такого инженера нет" in assigned.text
    alices.send(page, action(page, f"{address(ticket)}/reply"), text="Вижу ошибку", seen=huge)
