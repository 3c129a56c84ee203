"""A stranger's letter on somebody's request: staff alone see it until one of them lets it in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import signing
from app.clock import now
from app.extensions import db
from app.intake import letters
from app.models import Message, Ticket
from tests.web.browse import Browser


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


def test_the_writer_of_a_forwarded_letter_becomes_the_applicant_with_one_click(alices: Browser, ticket: Ticket):
    words = "Посмотрите\n\n---------- Forwarded message ---------\nОт: Пётр <petr@neva-trade.example>\n\nНе бьёт чек"
    head = "From: Зоя <zoya@agency.example>\r\nSubject: Fwd: касса\r\nCc: Ира <ira@agency.example>\r\n"
    letters.store((head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + words).encode(), "pipe")
    letters.file_received()
    asked = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert asked
    assert message
    page = alices.open(acts(asked))
    assert "В копии: Ира <ira@agency.example>. Им ничего не отправляется." in page.text
    assert "Переслано письмо от Пётр <petr@neva-trade.example>" in page.text
    page = alices.send(page, f"{acts(asked)}/messages/{message.id}/applicant")
    db.session.refresh(asked)
    assert (asked.applicant_email, asked.applicant_name) == ("petr@neva-trade.example", "Пётр")
    assert asked.company_id == ticket.company_id, "known by the domain of the address"
    assert "Заявитель теперь Пётр" in page.text
    assert "Переслано письмо от" not in page.text
    alices.post(f"{acts(ticket)}/messages/{message.id}/applicant", 400)  # without a token
