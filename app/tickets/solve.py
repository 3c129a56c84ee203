"""Verbs of the end: solve, tell by phone, reopen, close."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import escalations, outbox, read_marks
from app.actor import SYSTEM, Actor
from app.duty.presence import is_off_shift
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models.message import Message
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Cause, EventKind, Holder, MessageKind, PromiseKind, State
from app.tickets import closing, measure, promising
from app.tickets.alarm import clear_alarms
from app.tickets.ball import own_court, pass_ball
from app.tickets.contributions import Contribution, contribute
from app.tickets.moves import Move, after
from app.tickets.recall import waited
from app.tickets.work import reacted
from app.translate import _


def solve(ticket: Ticket, said: Contribution, by: Actor, at: datetime) -> Message:
    """Solved, with a text that the customer receives; solved already: the solution stands, nothing happens."""
    if ticket.state is State.SOLVED and (standing := last_solution(ticket)):
        return standing
    state = after(ticket, Move.SOLVE)
    if not said.text.strip():
        raise IntakeRejected({"text": "Напишите, что сделано: это прочитает клиент."})
    message = contribute(ticket, MessageKind.SOLUTION, said, by, at)
    if ticket.engineer_id is None and by.staff_id is not None:
        ticket.engineer_id, ticket.taken_at = by.staff_id, at
    reacted(ticket, at)
    promising.judge(ticket, PromiseKind.SOLUTION, _done_at(ticket, at))
    ticket.state_before, ticket.settles_at = ticket.state, message.visible_at
    ticket.state, ticket.is_active = state, False
    before = waited(ticket)
    ticket.solved_at, ticket.answered_at, ticket.close_at = at, None, None
    clear_alarms(ticket)
    pass_ball(ticket, Holder.NONE, at)
    measure.solved(ticket)
    outbox.record(ticket, EventKind.SOLVED, by, at, message=message, drain_at=message.visible_at, **before)
    return message


def reopen(
    ticket: Ticket, said: Contribution | None, by: Actor, at: datetime, kind: MessageKind = MessageKind.ANSWER
) -> Message | None:
    """Take a solved or closed request up again, under the same number, with a new promise."""
    state = after(ticket, Move.REOPEN)
    solved_at = ticket.solved_at or at
    message = contribute(ticket, kind, said, by, at) if said and (said.text.strip() or said.files) else None
    left = _leave_who_is_off(ticket, at)
    ticket.state, ticket.is_active = state if ticket.engineer_id else State.NEW, True
    ticket.reopened_count += 1
    ticket.solved_at = ticket.closed_at = ticket.close_at = None
    ticket.settles_at = ticket.state_before = None
    ticket.answered_at = at if message else ticket.answered_at
    clear_alarms(ticket)
    promising.reopen(ticket, solved_at, at)
    promising.want_name(ticket, at)
    pass_ball(ticket, own_court(ticket), at)
    outbox.record(ticket, EventKind.REOPENED, by, at, message=message, times=ticket.reopened_count, **left)
    if ticket.reopened_count >= 2:
        escalations.escalate(ticket, Cause.REOPENED_TWICE, by, at)
    return message


def close(ticket: Ticket, at: datetime) -> None:
    """Silence after the solution: counted as done well. Only the sweep calls this, when all conditions hold."""
    ticket.state = after(ticket, Move.CLOSE)
    ticket.closed_at, ticket.close_at = at, None
    clear_alarms(ticket)
    read_marks.forget(ticket)
    outbox.record(ticket, EventKind.CLOSED, SYSTEM, at)


def tell_by_phone(ticket: Ticket, by: Actor, at: datetime) -> None:
    """The engineer told the customer of the solution by phone: the days of silence run from now."""
    if ticket.state is not State.SOLVED:
        unsolved = _("Заявка %(number)s не решена: сообщать по телефону пока нечего.", number=ticket.number)
        raise IllegalMove(unsolved)
    closing.told_by_phone(ticket, by, at)


def last_solution(ticket: Ticket) -> Message | None:
    """The solution that stands: the newest that was not taken back."""
    query = (
        select(Message)
        .where(Message.ticket_id == ticket.id, Message.kind == MessageKind.SOLUTION, Message.recalled_at.is_(None))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def _leave_who_is_off(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """To the queue with it when its engineer is off shift; the history remembers the name."""
    engineer = db.session.get(Staff, ticket.engineer_id) if ticket.engineer_id else None
    if engineer is None or not is_off_shift(engineer, at, is_urgent=ticket.is_urgent):
        return {}
    ticket.engineer_id = ticket.taken_at = None
    return {"left": engineer.name}


def _done_at(ticket: Ticket, at: datetime) -> datetime:
    """The moment by which the promise is judged: a stopped clock did not go on while we waited."""
    return ticket.paused_at if ticket.paused_at and not ticket.is_urgent else at
