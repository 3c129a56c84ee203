"""What corrected terms would give to promises that were given already, and giving it: the manager's word alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from app import outbox
from app.actor import Actor
from app.errors import IntakeRejected
from app.extensions import db
from app.models.promise import Promise
from app.models.ticket import Ticket
from app.models.words import EventKind, PromiseKind
from app.tickets import promising

MOST = 200  # looked at and corrected in one go, those that fall due first

Subject = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Correction:
    """One request and the deadline that it would get."""

    ticket: Ticket
    due_at: datetime
    new_due_at: datetime

    @property
    def is_earlier(self) -> bool:
        return self.new_due_at < self.due_at


def of_company(company_id: int) -> Subject:
    """The open requests of a company, whose contract was edited."""
    return Ticket.company_id == company_id


def by_calendar(name: str) -> Subject:
    """The open requests whose deadline was reckoned by a calendar."""
    own: Subject = Promise.basis["calendar"].as_string() == name
    return own


def count_open(subject: Subject) -> int:
    """How many open promises of a solution an edit touches."""
    return db.session.scalar(_open(subject).with_only_columns(func.count()).order_by(None)) or 0


def corrections(subject: Subject, at: datetime) -> list[Correction]:
    """What the present terms would change, of the first ``MOST`` by deadline."""
    found = []
    for ticket in db.session.scalars(_open(subject).limit(MOST)):
        following = promising.corrected(ticket, at)
        if following is not None and ticket.due_at is not None:
            found.append(Correction(ticket, ticket.due_at, following.due_at))
    return found


def correct(ticket: Ticket, reason: str, by: Actor, at: datetime, *, is_later_too: bool) -> bool:
    """Give an open request the deadline of the present terms, with a letter that names the reason."""
    if not reason.strip():
        raise IntakeRejected({"reason": "Напишите причину: её прочитают клиенты."})
    before = ticket.due_at
    following = promising.corrected(ticket, at, reason.strip())
    if before is None or following is None or (following.due_at > before and not is_later_too):
        return False
    promising.apply_terms(ticket, at, reason.strip())
    data: dict[str, Any] = {"reason": reason.strip(), "before": before.isoformat()}
    outbox.record(ticket, EventKind.MOVED, by, at, due_at=following.due_at.isoformat(), **data)
    return True


def _open(subject: Subject) -> Select[Ticket]:
    return (
        select(Ticket)
        .join(Promise, Promise.ticket_id == Ticket.id)
        .where(Ticket.is_active.is_(True), subject)
        .where(Promise.kind == PromiseKind.SOLUTION, Promise.superseded_at.is_(None), Promise.kept.is_(None))
        .order_by(Ticket.due_at, Ticket.id)
    )
