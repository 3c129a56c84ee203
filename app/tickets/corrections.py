"""What corrected terms would give to promises that were given already, and giving it: the manager's word alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from app import outbox, promises
from app.actor import Actor
from app.config import settings
from app.errors import IntakeRejected
from app.extensions import db
from app.models.promise import Promise
from app.models.ticket import Ticket
from app.models.words import EventKind, PromiseKind
from app.promises import Statement
from app.tickets import promising

MOST = 200  # looked at in one go
LASTS = 2.0  # seconds of work that one request of a browser does

Subject = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Correction:
    """One request and the deadline that it would get."""

    ticket: Ticket
    due_at: datetime
    new_due_at: datetime
    why: str  # of the new one

    @property
    def is_earlier(self) -> bool:
        return self.new_due_at < self.due_at


@dataclass(frozen=True, slots=True)
class Look:
    """``changed``: by deadline; ``looked``: at how many; ``next``: the id to go on after, None at the end."""

    changed: list[Correction]
    looked: int
    next: int | None


@dataclass(frozen=True, slots=True)
class Touched:
    """``open``: promises by the edited terms; ``changed``: how many would be another moment, as far as was looked."""

    open: int
    changed: int
    is_all: bool

    def __str__(self) -> str:
        return f"{self.changed}" if self.is_all else f"≥{self.changed}"

    def __bool__(self) -> bool:
        return bool(self.changed) or not self.is_all


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


def touched(subject: Subject, at: datetime) -> Touched:
    """What an edit that was just made touches; it changes none of it. Looks at as many as it can in ``LASTS``."""
    changed, is_all = 0, True
    for seen in looks(subject, at):
        changed, is_all = changed + len(seen.changed), seen.next is None
    return Touched(count_open(subject), changed, is_all)


def looks(subject: Subject, at: datetime, after: int = 0) -> Iterator[Look]:
    """Look on and on, for as long as a request of a browser may take."""
    until = time.monotonic() + LASTS
    next_after: int | None = after
    while next_after is not None:
        seen = look(subject, at, next_after)
        yield seen
        next_after = seen.next if time.monotonic() < until else None


def look(subject: Subject, at: datetime, after: int = 0) -> Look:
    """What the present terms would change among the next ``MOST`` open requests behind the id ``after``."""
    tickets = db.session.scalars(_open(subject).where(Ticket.id > after).limit(MOST + 1)).all()
    changed = []
    for ticket in tickets[:MOST]:
        following = promising.corrected(ticket, at)
        if following is not None and ticket.due_at is not None:
            changed.append(Correction(ticket, ticket.due_at, following.due_at, _why(following)))
    changed.sort(key=lambda one: one.due_at)
    return Look(changed, len(tickets[:MOST]), tickets[MOST - 1].id if len(tickets) > MOST else None)


def _why(following: Statement) -> str:
    """Its sentence for the desk; the reason is still to be written."""
    sentence = promises.why_en if settings().language == "en" else promises.why
    return sentence(replace(following.basis, reason=None))


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
        .order_by(Ticket.id)
    )
