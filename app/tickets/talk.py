"""Verbs of the conversation: reply, ask, note, answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app import outbox, read_marks
from app.actor import Actor
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import EventKind, Holder, MessageKind, State
from app.tickets import promising, third_party, waiting
from app.tickets.ball import own_court, pass_ball
from app.tickets.contributions import Contribution, contribute
from app.tickets.mentions import mentioned
from app.tickets.moves import Move, after
from app.tickets.recall import waited
from app.tickets.work import reacted, take


def reply(ticket: Ticket, said: Contribution, by: Actor, at: datetime) -> Message:
    """Answer the customer. Answering a new request takes it; a solved or closed one stays so."""
    after(ticket, Move.REPLY)
    message = contribute(ticket, MessageKind.REPLY, said, by, at)
    _takes(ticket, by, at)
    before, ticket.answered_at = waited(ticket), None
    outbox.record(ticket, EventKind.REPLIED, by, at, message=message, drain_at=message.visible_at, **before)
    return message


def ask(ticket: Ticket, said: Contribution, by: Actor, at: datetime) -> Message:
    """Ask the customer: the ball is theirs, and a standard request's solution clock stops."""
    after(ticket, Move.ASK)
    message = contribute(ticket, MessageKind.QUESTION, said, by, at)
    _takes(ticket, by, at)
    if ticket.state is not State.WAITING:
        ticket.state_before, ticket.settles_at = ticket.state, message.visible_at
        ticket.state = State.WAITING
        third_party.leave(ticket, Holder.CUSTOMER, at)
        promising.pause(ticket, at)
    before, ticket.answered_at = waited(ticket), None
    waiting.set_reminder(ticket, at, 0)
    outbox.record(ticket, EventKind.ASKED, by, at, message=message, drain_at=message.visible_at, **before)
    return message


def note(ticket: Ticket, said: Contribution, by: Actor, at: datetime) -> Message:
    """Write what only staff may read; nothing else changes. Colleagues named in it as @surname are told."""
    message = contribute(ticket, MessageKind.NOTE, said, by, at)
    named = mentioned(message.text) if by.is_staff else []
    data: dict[str, Any] = {"mentions": named} if named else {}
    read_marks.call(ticket, [*named, ticket.engineer_id], message)
    outbox.record(ticket, EventKind.NOTED, by, at, message=message, **data)
    return message


def answer(ticket: Ticket, said: Contribution, by: Actor, at: datetime) -> Message:
    """The customer's word on an open request; one that was waiting goes on with a new promise."""
    state = after(ticket, Move.ANSWER)
    message = contribute(ticket, MessageKind.ANSWER, said, by, at)
    if ticket.state is State.WAITING:
        ticket.state = state
        resume(ticket, at)
    ticket.answered_at = at
    outbox.record(ticket, EventKind.ANSWERED, by, at, message=message)
    return message


def remark(
    ticket: Ticket, kind: MessageKind, said: Contribution, by: Actor, at: datetime, *, is_silent: bool = True
) -> Message:
    """File what changes nothing: thanks on a solved request, a robot's letter (``auto``), more on a closed one.

    ``is_silent``: the engineer need not hear of it.
    """
    message = contribute(ticket, kind, said, by, at)
    outbox.record(ticket, EventKind.ANSWERED, by, at, message=message, is_silent=is_silent)
    return message


def resume(ticket: Ticket, at: datetime) -> None:
    """End the wait for the customer: the ball is ours, the clock runs, and what was waited is in the new promise."""
    promising.resume(ticket, at)
    waiting.clear_reminder(ticket)
    pass_ball(ticket, own_court(ticket), at)


def _takes(ticket: Ticket, by: Actor, at: datetime) -> None:
    if ticket.state is State.NEW and ticket.engineer_id is None and by.staff_id is not None:
        take(ticket, by, at)
    if by.is_staff:
        reacted(ticket, at)
        ticket.is_suspect = False  # a person found the address worth an answer
    if ticket.state is State.NEW:
        ticket.state = State.OPEN
