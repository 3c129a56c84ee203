"""A stranger's letter on somebody's request: staff alone see it until one of them lets it in."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app import signing
from app.clock import now
from app.extensions import db
from app.intake import letters
from app.models import Message, Ticket
from tests.cast import alice, request_of_carol
from tests.web.browse import Browser
from tests.web.signing_in import browser_of


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


@pytest.mark.trust("M1")
def test_a_strangers_letter_is_let_in_with_one_click(alices: Browser, ticket: Ticket):
    raw = f"From: Ольга <olga@gmail.example>\r\nIn-Reply-To: {signing.message_id(ticket.number, 1)}\r\n\r\nЯ сменщица"
    letters.store(raw.encode(), "pipe")
    letters.file_received()
    message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert message
    assert not message.is_public(now())
    page = alices.open(acts(ticket))
    alices.send(page, f"{acts(ticket)}/messages/{message.id}/admission")
    page = alices.open(acts(ticket))
    assert "автор теперь участник" in page.text
    assert not page.all("form", action=f"{acts(ticket)}/messages/{message.id}/admission")
    db.session.refresh(message)
    assert message.is_public(now())
    letters.store(raw.replace("сменщица", "снова").encode(), "pipe")
    letters.file_received()
    assert db.session.scalars(select(Message.flags).order_by(Message.id.desc())).first() == []
