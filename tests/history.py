"""What is written down about a request: events, promises, escalations, each oldest first."""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.models import Cause, Escalation, Event, EventKind, Promise, PromiseKind, Ticket


def kinds(ticket: Ticket) -> list[EventKind]:
    """What happened."""
    return list(db.session.scalars(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.id)))


def ledger(ticket: Ticket, kind: PromiseKind = PromiseKind.SOLUTION) -> list[Promise]:
    """Every promise of that kind."""
    query = select(Promise).where(Promise.ticket_id == ticket.id, Promise.kind == kind).order_by(Promise.id)
    return list(db.session.scalars(query))


def causes(ticket: Ticket) -> list[Cause]:
    """What was put before the manager, settled or not."""
    query = select(Escalation.cause).where(Escalation.ticket_id == ticket.id).order_by(Escalation.id)
    return list(db.session.scalars(query))
