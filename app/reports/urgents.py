"""Urgent requests of a company: how many, who called them so, and how many could not be solved in the time agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from app.extensions import db
from app.models.event import Event
from app.models.ticket import Ticket
from app.models.words import ActorKind, EventKind


@dataclass(frozen=True, slots=True)
class Urgents:
    """``requests``: all that came; a request counts once, by whoever called it urgent first."""

    requests: int = 0
    by_customer: int = 0
    by_staff: int = 0
    impossible: int = 0

    @property
    def total(self) -> int:
        return self.by_customer + self.by_staff


def of_company(company_id: int, start: datetime, end: datetime) -> Urgents:
    """Of the company's requests that came in [start, end]; two queries."""
    own = (Ticket.company_id == company_id, Ticket.created_at >= start, Ticket.created_at <= end)
    called = and_(
        Event.kind.in_((EventKind.REGISTERED, EventKind.URGENT)), Event.data["urgency"].as_string() == "urgent"
    )
    impossible = and_(Event.kind == EventKind.MOVED, Event.data["impossible"].as_boolean().is_(True))
    query = (
        select(Event.ticket_id, Event.kind, Event.actor_kind)
        .join(Ticket, Ticket.id == Event.ticket_id)
        .where(*own, or_(called, impossible))
        .order_by(Event.id)
    )
    callers: dict[int, ActorKind] = {}
    given_up: set[int] = set()
    for ticket_id, kind, actor in db.session.execute(query):
        if kind is EventKind.MOVED:
            given_up.add(ticket_id)
        else:
            callers.setdefault(ticket_id, actor)
    theirs = sum(actor is ActorKind.CUSTOMER for actor in callers.values())
    requests = db.session.scalar(select(func.count()).select_from(Ticket).where(*own)) or 0
    return Urgents(requests, theirs, len(callers) - theirs, len(given_up))
