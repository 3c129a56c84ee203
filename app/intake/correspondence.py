"""What we ourselves wrote on a request, by which replies' quotes are known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import select

from app.config import settings
from app.extensions import db
from app.intake.quotes import Desk
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import MessageKind

_LATEST = 5


def desk_of(ticket: Ticket | None) -> Desk:
    """How our letters name us, and our latest words on the request, read only where a quote makes it needful."""
    address, name = settings().mail_default_sender, f"{settings().firm_mark} HelpDesk"
    return Desk(address, name, ticket.number, partial(_sent, ticket.id)) if ticket else Desk(address, name)


def _sent(ticket_id: int) -> Sequence[str]:
    said = select(Message.text).where(
        Message.ticket_id == ticket_id, Message.staff_id.is_not(None), Message.kind != MessageKind.NOTE
    )
    return list(db.session.scalars(said.order_by(Message.id.desc()).limit(_LATEST)))
