"""A phone call: who it is, what is open, a request while they speak."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.delivery import Delivery
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import Channel, DeliveryChannel, MessageKind, State, Urgency
from tests.cast import alice, bob, carol, request_of_carol
from tests.web.browse import Browser
from tests.web.signing_in import browser_of

NEW = "/tickets/new"


@pytest.fixture
def desk(app: Flask) -> Browser:
    browser = Browser(app)
    browser.client = browser_of(app, alice())
    return browser


def only_ticket() -> Ticket:
    ticket = db.session.scalars(select(Ticket)).one()
    db.session.rollback()
    return ticket


@pytest.mark.parametrize("phone", ["%2B79005550144", "8+(900)+555-01-44", "89005550144", "9005550144"])
def test_a_caller_is_known_by_the_number_in_any_spelling(desk: Browser, phone: str):
    ticket = request_of_carol()
    page = desk.open(f"{NEW}?phone={phone}")
    for words in ("Петрова Ольга Сергеевна", "ООО «Нева-Трейд»", "118/2024", "узнали по номеру", ticket.title):
        assert words in page.text
    assert page.one("li", data_ticket=ticket.number).get("data-state") == "new"
    assert page.all("a", href=f"/tickets/{ticket.number}#composer")
    assert "carol@neva-trade.example, office@neva-trade.example" in page.text


def test_a_known_caller_needs_only_words(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    done = desk.send(page, NEW, what="Не открывается банк", urgency="urgent", engineer=str(alice().id))
    ticket = only_ticket()
    assert (ticket.channel, ticket.urgency, ticket.state) == (Channel.PHONE, Urgency.URGENT, State.OPEN)
    assert (ticket.company_name, ticket.is_company_confirmed) == ("ООО «Нева-Трейд»", True)
    assert ticket.engineer_id == alice().id
    assert "Скажите клиенту" in done.text
    assert f"Номер заявки {ticket.number}" in done.text
    assert done.one("time", data_promise="solution").get("datetime")
    assert done.one("div", data_ticket=ticket.number)


def test_an_unknown_number_asks_who_it_is(desk: Browser):
    page = desk.open(f"{NEW}?phone=8+812+363-17-87")
    assert "этого номера мы пока не знаем" in page.text
    refused = desk.send(page, NEW, status=422, what="", name="", phone="", engineer="")
    assert "Напишите, что случилось" in refused.text
    assert "Нужен телефон или e-mail" in refused.text
    desk.send(refused, NEW, what="Нет сети", name="Дан", phone="8 812 363-17-87", company="Ромашка", engineer="")
    ticket = only_ticket()
    assert (ticket.applicant_phone, ticket.state, ticket.engineer_id) == ("+78123631787", State.NEW, None)
    assert "Дан" in desk.open(f"{NEW}?phone=%2B78123631787").text


def test_somebody_else_may_call_from_a_known_number(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144&other=1")
    assert "Петрова" not in page.text
    desk.send(page, NEW, what="Нет сети", name="Зайцева", engineer="")
    assert only_ticket().applicant_name == "Зайцева"


def test_solved_during_the_call_is_registered_told_and_solved_at_once(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    refused = desk.send(page, NEW, status=422, what="Забыли пароль", solved="1")
    assert "Напишите, что сделано" in refused.text
    assert db.session.scalar(select(func.count(Ticket.id))) == 0
    done = desk.send(refused, NEW, solution="Сбросили пароль")
    ticket = only_ticket()
    assert ticket.state is State.SOLVED
    assert ticket.close_at is not None
    kinds = [message.kind for message in db.session.scalars(select(Message).order_by(Message.id))]
    assert kinds == [MessageKind.REQUEST, MessageKind.SOLUTION]
    assert db.session.scalars(select(Delivery.channel)).all() == [DeliveryChannel.PHONE]
    assert "Она решена" in done.text


def test_pressed_twice_is_one_request(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    for _ in range(2):
        desk.send(page, NEW, what="Не открывается банк", solved="1", solution="Открыли")
    assert db.session.scalar(select(func.count(Ticket.id))) == 1
    assert db.session.scalar(select(func.count(Message.id))) == 2


def test_the_request_can_be_given_to_a_colleague(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    assert "Напишите" not in page.text
    refused = desk.send(page, NEW, status=422, what="Нет сети", engineer="999")
    assert "Такого инженера нет" in refused.text
    desk.send(page, NEW, what="Нет сети", engineer=str(bob().id))
    assert only_ticket().engineer_id == bob().id


def test_strangers_and_wrong_methods_are_refused(app: Flask, desk: Browser):
    ticket = request_of_carol()
    stranger = app.test_client()
    for path in (NEW, f"/tickets/{ticket.number}/call"):
        assert stranger.get(path).status_code == 302
    assert stranger.post(NEW).status_code in {400, 401}
    assert desk.client.post(NEW, data={"what": "x"}).status_code == 400
    assert desk.client.put(NEW).status_code == 405
    assert desk.client.get("/tickets/100008/call").status_code == 404


def test_odd_numbers_do_no_harm(desk: Browser):
    for phone in ("%00", "abc", "'", "%3Cscript%3E", "1" * 500, "%F0%9F%93%9E"):
        page = desk.open(f"{NEW}?phone={phone}")
        assert page.one("input", id="find").get("name") == "phone"
