"""The request nearest to its promise: taken in one act, put back with a reason for which the next one comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, case, exists, select

from app.actor import Actor
from app.errors import IntakeRejected
from app.extensions import db
from app.models.event import Event
from app.models.ticket import ACTIVE, Ticket
from app.models.words import EventKind, State, Urgency
from app.tickets.work import release, take

NOT_AGAIN_WITHIN = timedelta(hours=12)  # what an engineer released is offered to others first
_LONGEST_REASON = 500
_URGENT_FIRST = case((and_(Ticket.urgency == Urgency.URGENT, Ticket.state == State.NEW), 0), else_=1)


def take_nearest(by: Actor, at: datetime) -> Ticket | None:
    """Take what nobody has and is due first, urgent ones before all others; None: there is nothing to take.

    Two engineers at once get two requests. What the author released within ``NOT_AGAIN_WITHIN`` is left to others.
    """
    released = exists().where(
        Event.ticket_id == Ticket.id,
        Event.kind == EventKind.RELEASED,
        Event.staff_id == by.staff_id,
        Event.at > at - NOT_AGAIN_WITHIN,
    )
    nobodys = (ACTIVE, Ticket.engineer_id.is_(None), Ticket.state != State.WAITING, ~released)
    nearest = select(Ticket).where(*nobodys).order_by(_URGENT_FIRST, Ticket.due_at, Ticket.id).limit(1)
    ticket = db.session.scalars(
        nearest.with_for_update(skip_locked=True, of=Ticket), execution_options={"populate_existing": True}
    ).first()
    if ticket is not None:
        take(ticket, by, at)
    return ticket


def skip(ticket: Ticket, reason: str, by: Actor, at: datetime) -> None:
    """Put a taken request back into the queue, saying why another should have it; colleagues read it."""
    if not reason.strip():
        raise IntakeRejected({"skip_reason": "Напишите, почему эту заявку лучше взять другому."})
    if len(reason.strip()) > _LONGEST_REASON:
        raise IntakeRejected({"skip_reason": "Длиннее 500 знаков. Подробности напишите в заметке."})
    release(ticket, by, at, reason.strip())
