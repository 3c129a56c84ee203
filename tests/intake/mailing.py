"""Letters as tests write them, and the short way from raw bytes to the request."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app import clock, outbox, tickets
from app.extensions import db
from app.intake import letters
from app.models.letter import Letter
from app.models.message import Message
from app.models.ticket import Ticket
from tests import cast

MAILBOX = "info@stekspb.ru"


def mail(
    body: str = "Не работает касса.",
    subject: str = "Касса",
    sender: str = "Ольга Карпова <carol@romashka.ru>",
    to: str = MAILBOX,
    **headers: str,
) -> bytes:
    """A plain letter; keyword arguments are headers, `_` for `-`."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines.append("Content-Type: text/plain; charset=utf-8")
    return ("\r\n".join(lines) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode()


def receive(raw: bytes, **how: Any) -> Letter:
    """Store and file one letter; its row afterwards."""
    letter_id = letters.store(raw, "pipe", **how).id
    letters.file_received()
    return db.session.get_one(Letter, letter_id, populate_existing=True)


def ticket_of(letter: Letter) -> Ticket:
    assert letter.ticket_id, (letter.state, letter.kind, letter.signals, letter.error)
    ticket: Ticket = db.session.get_one(Ticket, letter.ticket_id, populate_existing=True)
    return ticket


def messages(ticket: Ticket) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)))


def solved(ticket: Ticket) -> Ticket:
    """The request after Alice has solved it."""
    by = cast.acting(cast.alice())
    tickets.take(ticket, by, clock.now())
    tickets.solve(ticket, tickets.Contribution("Заменили блок питания."), by, clock.now())
    outbox.commit()
    return ticket
