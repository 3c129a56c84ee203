"""What the bot says, and who may see what in a chat; rows, written in the transaction of what they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SelectBase, select, union_all
from sqlalchemy.orm import aliased

from app import outbox
from app.extensions import db
from app.models.chat import BotMessage, Chat, ChatTicket
from app.models.ticket import Ticket

Buttons = Sequence[Sequence[dict[str, str]]]
Keyboard = Sequence[Sequence[dict[str, Any]]]


def say(
    chat: Chat,
    text: str,
    at: datetime,
    *,
    buttons: Buttons = (),
    keyboard: Keyboard | None = None,
    ticket: Ticket | None = None,
) -> BotMessage:
    """Owe one message to a chat. ``ticket``: the request that an answer to this message would be about.

    ``buttons``: rows of ``{"text", "data"}`` or ``{"text", "url"}`` under the message; ``keyboard``: rows of
    ``{"text"}`` or ``{"text", "contact": True}`` in place of the keyboard, an empty one takes it away.
    """
    message = BotMessage(
        chat_id=chat.id,
        ticket_id=ticket.id if ticket else None,
        text=text,
        buttons=[list(row) for row in buttons],
        keyboard=None if keyboard is None else [list(row) for row in keyboard],
        created_at=at,
        next_attempt_at=at,
    )
    db.session.add(message)
    outbox.ring(outbox.TELEGRAM)
    return message


def follow(chat: Chat, ticket: Ticket) -> None:
    """This chat brought the request: it hears of it and may answer it."""
    if db.session.get(ChatTicket, (chat.id, ticket.id)) is None:
        db.session.add(ChatTicket(chat_id=chat.id, ticket_id=ticket.id))


def visible_ids(chat: Chat) -> SelectBase:
    """The ids of requests that a customer's chat may see: its own, and those of whom it is paired with.

    Two looks into indexes put together: from an "or" PostgreSQL makes a walk through all requests there are.
    """
    brought = select(ChatTicket.ticket_id).where(ChatTicket.chat_id == chat.id)
    if chat.person_id is None:
        return brought
    theirs = aliased(Ticket)
    return union_all(brought, select(theirs.id).where(theirs.person_id == chat.person_id))


def visible(chat: Chat) -> ColumnElement[bool]:
    """The same as a condition for requests."""
    return Ticket.id.in_(visible_ids(chat))


def may_see(chat: Chat, ticket: Ticket) -> bool:
    """Whether a customer's chat may see and answer this request."""
    if chat.person_id is not None and ticket.person_id == chat.person_id:
        return True
    return db.session.get(ChatTicket, (chat.id, ticket.id)) is not None
