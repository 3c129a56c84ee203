"""The verb that takes back what nobody outside has seen yet: recall."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import durations, outbox
from app.actor import Actor
from app.errors import Forbidden, IllegalMove
from app.extensions import db
from app.models.event import Event
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import EventKind, MessageKind, State
from app.tickets import promising, waiting
from app.tickets.ball import give_back

_TO_CUSTOMERS = (MessageKind.REPLY, MessageKind.QUESTION, MessageKind.SOLUTION)


def recall(ticket: Ticket, message: Message, by: Actor, at: datetime) -> None:
    """The author takes a message back within UNDO_SEND; what it did to the request is undone with it."""
    if message.staff_id is None or message.staff_id != by.staff_id:
        raise Forbidden("Отменить отправку может только автор сообщения.")
    if message.recalled_at is not None:
        return
    if at >= message.visible_at:
        raise IllegalMove("Сообщение уже ушло клиенту, отменить отправку нельзя.")
    said = _silence(message)
    if said is None:
        raise IllegalMove("Сообщение уже ушло клиенту, отменить отправку нельзя.")
    message.recalled_at = at
    if ticket.settles_at == message.visible_at and ticket.state_before is not None:
        _undo(ticket, message.kind, at)
    _wait_again(ticket, message, said)
    outbox.record(ticket, EventKind.RECALLED, by, at, message=message)


def waited(ticket: Ticket) -> dict[str, Any]:
    """For the event of what can be taken back: since when the customer waited for a word."""
    return {"answered": ticket.answered_at.isoformat()} if ticket.answered_at else {}


def _silence(message: Message) -> dict[str, Any] | None:
    """Keep the message from leaving; what its event holds, or None when a worker was faster."""
    of_it = (Event.ticket_id == message.ticket_id, Event.message_id == message.id)
    told = outbox.silence(*of_it, Event.kind.in_((EventKind.REPLIED, EventKind.ASKED, EventKind.SOLVED)))
    return told[0] if told else None


def _wait_again(ticket: Ticket, message: Message, said: dict[str, Any]) -> None:
    """The customer waits as before, unless somebody has written to them since, or they have."""
    later = select(Message.id).where(Message.ticket_id == ticket.id, Message.id > message.id)
    stands = later.where(Message.kind.in_(_TO_CUSTOMERS), Message.recalled_at.is_(None)).limit(1)
    if said.get("answered") and ticket.answered_at is None and db.session.scalar(stands) is None:
        ticket.answered_at = durations.parse_moment(said["answered"])


def _undo(ticket: Ticket, kind: MessageKind, at: datetime) -> None:
    assert ticket.state_before is not None
    if kind is MessageKind.QUESTION and ticket.state is State.WAITING:
        ticket.state = ticket.state_before
        waiting.clear_reminder(ticket)
        give_back(ticket, at, before_last=True)
        promising.unpause(ticket)
    elif kind is MessageKind.SOLUTION and ticket.state is State.SOLVED:
        ticket.state, ticket.is_active, ticket.solved_at = ticket.state_before, True, None
        give_back(ticket, at)
        promising.unjudge(ticket)
        if ticket.state is State.WAITING:
            waiting.set_reminder(ticket, ticket.paused_at or at, 0)
    ticket.state_before = ticket.settles_at = None
