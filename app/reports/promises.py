"""How many promises were kept: counted over the ledger, each judged as it was given.

A promise counts in the period in which it was due. One that was judged counts whatever came after it: a deadline that
was missed and then moved was missed. One that another took the place of before it was judged does not count.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from app import durations
from app.clock import midnight
from app.config import settings
from app.extensions import db
from app.models.promise import Promise
from app.models.ticket import Ticket
from app.models.words import PromiseKind, Urgency
from app.reports.scope import EVERYTHING, Scope

_DAY = timedelta(days=1)
JUDGED = Promise.kept.is_not(None)
OPEN = (Promise.kept.is_(None), Promise.superseded_at.is_(None))


@dataclass(frozen=True)
class Figures:
    """Promises of one kind that were in force at their moment; ``pending``: not judged yet."""

    kept: int = 0
    broken: int = 0
    pending: int = 0

    @property
    def promised(self) -> int:
        return self.kept + self.broken + self.pending

    @property
    def judged(self) -> int:
        return self.kept + self.broken

    @property
    def share(self) -> float | None:
        """Of those judged, the part that was kept; None where none was."""
        return self.kept / self.judged if self.judged else None

    def as_json(self) -> dict[str, int]:
        return {"promised": self.promised, **asdict(self)}

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.kept + other.kept, self.broken + other.broken, self.pending + other.pending)


def figures(start: datetime, end: datetime, scope: Scope = EVERYTHING) -> dict[PromiseKind, Figures]:
    """Figures of the promises due in [start, end)."""
    told = by_urgency(start, end, scope)
    return {kind: told[kind, Urgency.NORMAL] + told[kind, Urgency.URGENT] for kind in PromiseKind}


def by_urgency(start: datetime, end: datetime, scope: Scope = EVERYTHING) -> dict[tuple[PromiseKind, Urgency], Figures]:
    """The same, standard and urgent apart: as the promise was given, whatever the request is now."""
    due = (Promise.due_at >= start, Promise.due_at < end)
    apart = [(kind, urgency) for kind in PromiseKind for urgency in Urgency]
    sums = []  # in one pass without grouping, which would cost as much again
    for kind, urgency in apart:
        own = and_(Promise.kind == kind, Promise.urgency == urgency)
        sums += [func.sum(case((own, kept_number()), else_=0)), func.sum(case((own, 1), else_=0))]
    told = db.session.execute(of_scope(select(*sums).where(*due, JUDGED), scope)).one()
    judged = iter([int(number or 0) for number in told])
    waiting = select(Promise.kind, Promise.urgency, func.count()).where(*due, *OPEN)
    grouped = of_scope(waiting, scope).group_by(Promise.kind, Promise.urgency)
    pending = {(kind, urgency): many for kind, urgency, many in db.session.execute(grouped)}
    found = {}
    for key in apart:
        kept, many = next(judged), next(judged)
        found[key] = Figures(kept, many - kept, pending.get(key, 0))
    return found


def judged(start: datetime, end: datetime, kind: PromiseKind, scope: Scope = EVERYTHING) -> Figures:
    """Kept and broken promises of one kind."""
    due = (Promise.due_at >= start, Promise.due_at < end, JUDGED, Promise.kind == kind)
    kept, many = db.session.execute(of_scope(select(func.sum(kept_number()), func.count()).where(*due), scope)).one()
    return Figures(int(kept or 0), int(many - (kept or 0)))


def pending(start: datetime, end: datetime, scope: Scope = EVERYTHING) -> int:
    """Solutions promised for the period that are neither given nor late."""
    due = (Promise.due_at >= start, Promise.due_at < end, *OPEN, Promise.kind == PromiseKind.SOLUTION)
    return db.session.scalar(of_scope(select(func.count()).where(*due), scope)) or 0


def solutions_by(column: Any, start: datetime, end: datetime, scope: Scope = EVERYTHING) -> dict[Any, Figures]:
    """Judged promises of solutions for each value of a request's column."""
    due: tuple[ColumnElement[bool], ...] = (Promise.due_at >= start, Promise.due_at < end)
    query = (
        select(column, func.sum(kept_number()), func.count())
        .join(Promise, Promise.ticket_id == Ticket.id)
        .where(*due, JUDGED, Promise.kind == PromiseKind.SOLUTION, *scope.conditions())
        .group_by(column)
    )
    return {key: Figures(int(kept), int(many - kept)) for key, kept, many in db.session.execute(query)}


def kept_number() -> ColumnElement[int]:
    """1 for a promise that was kept, 0 for a broken one, as both databases add up."""
    return case((Promise.kept.is_(True), 1), else_=0)


def of_scope(query: Any, scope: Scope) -> Any:
    """A query of promises, for the requests of a scope alone."""
    conditions = scope.conditions()
    query = query.select_from(Promise)
    return query.join(Ticket, Ticket.id == Promise.ticket_id).where(*conditions) if conditions else query


def edge(text: str, *, is_end: bool = False) -> datetime:
    """A moment with its offset, or a day of the desk's zone: its start, as the end of a span the start of the next."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return durations.parse_moment(text)
    return midnight(day + _DAY if is_end else day, settings().time_zone)


def last_days(days: int, at: datetime) -> tuple[datetime, datetime]:
    """From midnight so many days ago to the coming midnight, in the desk's zone."""
    zone = settings().time_zone
    today = at.astimezone(zone).date()
    return midnight(today - timedelta(days=days), zone), midnight(today + _DAY, zone)
