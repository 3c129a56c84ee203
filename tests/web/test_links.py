"""The life of a customer's link: what opens, until when, and what it never does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock, outbox, tickets
from app.models import Ticket
from app.models.words import State
from app.tickets import Contribution
from app.web import links
from tests import cast
from tests.web.browse import Browser


@pytest.fixture
def carol(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def address(ticket: Ticket) -> str:
    return f"/r/{links.token_of(ticket)}"


def solve(ticket: Ticket, text: str = "Перезапустили службу ключа") -> None:
    by = cast.acting(cast.alice())
    tickets.take(ticket, by, clock.now())
    tickets.solve(ticket, Contribution(text), by, clock.now())
    outbox.commit()


def test_a_new_request_by_the_link_knows_the_contacts(carol: Browser, ticket: Ticket, address: str):
    page = carol.open(f"{address}/new")
    typed = {name: page.one("input", id=name).get("value") for name in ("company", "name", "email", "phone")}
    assert typed == {
        "company": "ООО «Нева-Трейд»",
        "name": "Петрова Ольга Сергеевна",
        "email": "carol@neva-trade.example",
        "phone": "+7 (900) 555-01-44",
    }
    page = carol.send(page, "/", what="Теперь принтер")
    assert page.one("div", data_state="new").get("data-ticket") != ticket.number


def test_a_wrong_link_opens_nothing(carol: Browser, ticket: Ticket, address: str):
    carol.open(address[:-1] + ("A" if address[-1] != "A" else "B"), 404)
    carol.open("/r/nonsense", 404)
    token = links.token_of(cast.request_of_carol(text="Другая"))
    carol.open(f"/r/{ticket.number}.{token.partition('.')[2]}", 404)


def test_a_revoked_link_opens_nothing(carol: Browser, ticket: Ticket, address: str):
    ticket.link_version += 1
    outbox.commit()
    carol.open(address, 404)


def test_a_link_lives_until_the_reopening_window_ends_and_180_days_more(carol: Browser, ticket: Ticket, address: str):
    solve(ticket)
    ticket.state, ticket.closed_at = State.CLOSED, clock.now()
    outbox.commit()
    clock.shift(timedelta(days=209))
    carol.open(address)
    clock.shift(timedelta(days=2))
    assert "больше не действует" in carol.open(address, 410).text


def test_an_answer_after_the_window_opens_a_new_linked_request(carol: Browser, ticket: Ticket, address: str):
    solve(ticket)
    ticket.state, ticket.closed_at = State.CLOSED, clock.now()
    outbox.commit()
    clock.shift(timedelta(days=40))
    page = carol.send(carol.open(address), f"{address}/reopening", text="Опять не открывается")
    assert "открыли новую" in page.text
    assert page.one("article").get("data-ticket") != ticket.number


@pytest.mark.parametrize("act", ["answer", "reopening", "rating", "complaint", "urgency"])
def test_no_act_without_its_token(carol: Browser, ticket: Ticket, address: str, act: str):
    carol.post(f"{address}/{act}", 400, data={"text": "x", "rating": "5"})
