"""One request for those who work on it: what the page shows, every act on it, and refusals that keep what was typed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, outbox, promises, tickets
from app.actor import Actor
from app.clock import now
from app.extensions import db
from app.models import (
    Channel,
    Delivery,
    DeliveryChannel,
    DeliveryState,
    Event,
    EventKind,
    Message,
    MessageKind,
    Promise,
    State,
    Ticket,
    Urgency,
)
from app.tickets import Contribution
from tests.cast import acting, alice, bob, carol, masha, request_of_carol
from tests.web.browse import Browser, Page, check_fragment
from tests.web.signing_in import browser_of, csrf_token


@pytest.fixture
def alices(app: Flask) -> Browser:
    browser = Browser(app)
    browser.client = browser_of(app, alice())
    return browser


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    return request_of_carol()


def acts(ticket: Ticket) -> str:
    return f"/tickets/{ticket.number}"


def sent(browser: Browser, ticket: Ticket, act: str, status: int = 200, **typed: object) -> Page:
    """Send the page's own form of an act."""
    page = browser.open(acts(ticket))
    form = next(one for one in page.root.iter("form") if (one.get("action") or "").startswith(f"{acts(ticket)}/{act}"))
    return browser.send(page, str(form.get("action")), status, **typed)


def kinds(ticket: Ticket) -> list[EventKind]:
    return list(db.session.scalars(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.id)))


def test_the_page_tells_all_that_the_desk_knows(alices: Browser, ticket: Ticket):
    page = alices.open(acts(ticket))
    stands = page.all("div", data_ticket=ticket.number)[0]
    assert [stands.get("data-state"), stands.get("data-urgency")] == ["new", "normal"]
    promised = {
        one.get("data-promise"): one.get("datetime") for one in page.root.iter("time") if one.get("data-promise")
    }
    stated = {one.kind.value: one for one in db.session.scalars(select(Promise).where(Promise.ticket_id == ticket.id))}
    assert promised == {kind: f"{one.due_at:%Y-%m-%dT%H:%M:%SZ}" for kind, one in stated.items()}
    for words in (
        stated["solution"].why,
        "118/2024, без срока",
        "8 рабочих часов",
        "пн–пт, 9:00–18:00",
        "У кого: у всех в бухгалтерии. Где: Лиговский, 50, офис 312.",
        "+7 (900) 555-01-44",
        "ООО «Нева-Трейд»",
    ):
        assert words.replace("\xa0", " ") in page.text


def test_no_such_request_is_404(alices: Browser):
    alices.open("/tickets/482173", 404)


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


def test_an_empty_reply_and_an_unknown_kind_are_refused(alices: Browser, ticket: Ticket):
    assert "Напишите текст сообщения." in sent(alices, ticket, "reply", 422, text=" ").text
    sent(alices, ticket, "reply", 422, text="x", kind="auto")
    assert kinds(ticket) == [EventKind.REGISTERED]


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
    sent(alices, ticket, "holder", reason="Ждём провайдера")
    assert ticket.holder == "third_party"
    sent(alices, ticket, "holder")
    assert ticket.holder == "engineer"
    page = sent(alices, ticket, "release")
    assert [ticket.engineer_id, ticket.state] == [None, State.NEW]
    assert "Вы вернули заявку в очередь" in page.text
    sent(alices, ticket, "assignment", 422, engineer="nobody@stek.example")


def test_a_colleague_was_faster(alices: Browser, ticket: Ticket):
    page = alices.open(acts(ticket))
    tickets.take(ticket, acting(bob()), now())
    outbox.commit()
    action = next(one.get("action") for one in page.root.iter("form") if "/taking" in (one.get("action") or ""))
    refused = alices.send(page, str(action), 409)
    assert "Заявку уже взял(а) Белов" in refused.text


def test_an_answer_that_came_meanwhile_is_read_before_sending(alices: Browser, ticket: Ticket):
    page = alices.open(acts(ticket))
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
    page = alices.open(acts(ticket))
    tickets.solve(ticket, Contribution("Готово"), acting(bob()), now())
    outbox.commit()
    form = page.one("form", id="composer")
    refused = alices.send(page, str(form.get("action")), 409, kind="question", text="Долго писала это")
    assert "Спросить клиента можно только по открытой заявке" in refused.text
    assert "Долго писала это" in (refused.one("textarea", id="text").text or "")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DeliveryState.ACCEPTED, "carol@neva-trade.example: принято сервером"),
        (DeliveryState.WAITING, "carol@neva-trade.example: ждёт отправки"),
        (DeliveryState.BOUNCED, "carol@neva-trade.example: не доставлено: 550 нет такого ящика"),
    ],
)
def test_the_fate_of_every_notice_stands_there(alices: Browser, ticket: Ticket, state, words):
    event = db.session.scalars(select(Event).where(Event.ticket_id == ticket.id)).one()
    db.session.add(
        Delivery(
            event_id=event.id,
            ticket_id=ticket.id,
            notice="registered",
            channel=DeliveryChannel.EMAIL,
            recipient="carol@neva-trade.example",
            state=state,
            message_id=f"{ticket.number}@desk",
            created_at=now(),
            accepted_at=now() if state is DeliveryState.ACCEPTED else None,
            error="550 нет такого ящика" if state is DeliveryState.BOUNCED else "",
        )
    )
    outbox.commit()
    assert words in alices.open(acts(ticket)).text
    assert words in alices.open(f"{acts(ticket)}/history").text


def test_history_leaves_nothing_out(alices: Browser, ticket: Ticket):
    sent(alices, ticket, "taking")
    sent(alices, ticket, "urgency")
    page = alices.open(f"{acts(ticket)}/history")
    assert [one.get("data-event") for one in page.root.iter("tr") if one.get("data-event")] == [
        "registered",
        "taken",
        "urgent",
    ]
    assert "заменён сегодня" in page.text


def test_a_complaint_is_for_the_manager_alone(app: Flask, alices: Browser, ticket: Ticket):
    tickets.complain(ticket, "Инженер грубит", acting(alice()), now())
    outbox.commit()
    mashas = Browser(app)
    mashas.client = browser_of(app, masha())
    for address in (acts(ticket), f"{acts(ticket)}/history"):
        assert "жалоба" not in alices.open(address).text.lower()
        assert "Жалоба руководителю" in mashas.open(address).text


def test_fragments_answer_only_what_changed(alices: Browser, ticket: Ticket):
    page = alices.open(acts(ticket))
    fragments = [one for one in page.root.iter("div") if one.get("hx-get")]
    assert {one.get("id") for one in fragments} == {"standing", "promise", "conversation"}
    for one in fragments:
        assert alices.client.get(str(one.get("hx-get"))).status_code == 204
    tickets.set_urgency(ticket, Urgency.URGENT, acting(bob()), now())
    outbox.commit()
    for one in fragments:
        answer = alices.client.get(str(one.get("hx-get")))
        assert answer.status_code == 200
        check_fragment(answer.text)


def test_the_composer_is_outside_of_what_refreshes(alices: Browser, ticket: Ticket):
    page = alices.open(acts(ticket))
    for fragment in (one for one in page.root.iter("div") if one.get("hx-get")):
        assert page.one("form", id="composer") not in list(fragment.iter("form"))


def test_words_of_customers_are_inert(alices: Browser, app: Flask):
    ticket = request_of_carol(text="<img src=x onerror=alert(1)> {{7*7}}", name='"><script>alert(1)</script>')
    page = alices.open(acts(ticket))
    assert "{{7*7}}" in page.text
    assert not list(page.root.iter("img"))


def test_the_page_asks_the_database_little(alices: Browser, ticket: Ticket, count_queries):
    for text in ("раз", "два", "три"):
        tickets.reply(ticket, Contribution(text), acting(alice()), now())
    outbox.commit()
    address = acts(ticket)
    alices.client.get(address)
    with count_queries() as asked:
        alices.client.get(address)
    assert asked() <= 8


def test_carol_is_known_by_her_company(alices: Browser):
    first, second = request_of_carol(text="Первая"), request_of_carol(text="Вторая")
    page = alices.open(acts(second))
    assert carol().company_id
    assert any(one.get("href") == acts(first) for one in page.root.iter("a"))


def test_the_sentence_speaks_english_too(ticket: Ticket):
    promise = db.session.scalars(select(Promise).where(Promise.ticket_id == ticket.id)).first()
    assert promise is not None
    assert "under contract 118/2024" in promises.why_en(promises.Basis.from_json(promise.basis))
