"""The requests behind each figure: the same conditions as the figure itself, in pages by keyset, as many rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.extensions import db
from app.models.promise import Promise
from app.models.rating import Rating
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import PromiseKind, Urgency
from app.reports.period import Period
from app.reports.promises import JUDGED, OPEN
from app.reports.ratings import standing
from app.reports.scope import ANSWER_WORK, SOLUTION_WORK, Scope, came, done, local_hour

PAGE = 50
_BATCH = 1000


class Figure(StrEnum):
    """What can be opened."""

    CAME = auto()
    ANSWERED = auto()
    SOLVED = auto()
    MEASURED = auto()
    REOPENED = auto()
    RATED = auto()
    KEPT = auto()
    BROKEN = auto()
    PENDING = auto()
    URGENT_KEPT = auto()
    URGENT_BROKEN = auto()
    ANSWER_KEPT = auto()
    ANSWER_BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure, of which hour of the day, of which ratings."""

    figure: Figure
    hour: int | None = None
    ratings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    total: int
    next: tuple[datetime, int] | None


_COMMON = (
    Ticket.number,
    Ticket.title,
    Ticket.state,
    Ticket.urgency,
    Ticket.channel,
    Ticket.contract,
    Ticket.company_name,
    Ticket.reopened_count,
    Staff.name.label("engineer"),
    Ticket.created_at,
    Ticket.solved_at,
    ANSWER_WORK.label("answer_work"),
    SOLUTION_WORK.label("solution_work"),
)
_PROMISES = {
    Figure.KEPT: (PromiseKind.SOLUTION, None, True),
    Figure.BROKEN: (PromiseKind.SOLUTION, None, False),
    Figure.PENDING: (PromiseKind.SOLUTION, None, None),
    Figure.URGENT_KEPT: (PromiseKind.SOLUTION, Urgency.URGENT, True),
    Figure.URGENT_BROKEN: (PromiseKind.SOLUTION, Urgency.URGENT, False),
    Figure.ANSWER_KEPT: (PromiseKind.REACTION, None, True),
    Figure.ANSWER_BROKEN: (PromiseKind.REACTION, None, False),
}


def page(wanted: Wanted, period: Period, scope: Scope, after: tuple[datetime, int] | None = None) -> Page:
    """Newest first; ``after`` is the last one seen."""
    axis, row_id = _axis(wanted)
    conditions = _conditions(wanted, period, scope)
    query = _rows(wanted).where(*conditions).order_by(axis.desc(), row_id.desc()).limit(PAGE + 1)
    if after is not None:
        query = query.where(_beyond(axis, row_id, after))
    found = list(db.session.execute(query))
    shown = found[:PAGE]
    following = (shown[-1].at, shown[-1].row_id) if len(found) > PAGE else None
    return Page(shown, count(wanted, period, scope), following)


def count(wanted: Wanted, period: Period, scope: Scope) -> int:
    """As many as the figure says."""
    query = _joined(select(func.count()), wanted).where(*_conditions(wanted, period, scope))
    return db.session.scalar(query) or 0


def every(wanted: Wanted, period: Period, scope: Scope) -> Iterator[Any]:
    """All rows, read in batches as they are asked for; no reading is open in between."""
    axis, row_id = _axis(wanted)
    query = _rows(wanted).where(*_conditions(wanted, period, scope)).order_by(axis.desc(), row_id.desc()).limit(_BATCH)
    after: tuple[datetime, int] | None = None
    while True:
        batch = list(db.session.execute(query.where(_beyond(axis, row_id, after)) if after else query))
        db.session.rollback()  # whoever takes the rows slowly holds no connection, and no migration up
        yield from batch
        if len(batch) < _BATCH:
            return
        after = (batch[-1].at, batch[-1].row_id)


def _rows(wanted: Wanted) -> Any:
    axis, row_id = _axis(wanted)
    columns = [*_COMMON, axis.label("at"), row_id.label("row_id")]
    columns.append(Rating.value.label("rating") if wanted.figure is Figure.RATED else Ticket.rating)
    return _joined(select(*columns), wanted).outerjoin(Staff, Staff.id == Ticket.engineer_id)


def _joined(query: Any, wanted: Wanted) -> Any:
    query = query.select_from(Ticket)
    if wanted.figure in _PROMISES:
        return query.join(Promise, Promise.ticket_id == Ticket.id)
    return query.join(Rating, and_(*standing())) if wanted.figure is Figure.RATED else query


def _axis(wanted: Wanted) -> tuple[Any, Any]:
    """The moment that puts a row into the period, and the row's own id."""
    if wanted.figure in _PROMISES:
        return Promise.due_at, Promise.id
    if wanted.figure in {Figure.CAME, Figure.ANSWERED}:
        return Ticket.created_at, Ticket.id
    return Ticket.solved_at, Ticket.id


def _conditions(wanted: Wanted, period: Period, scope: Scope) -> list[ColumnElement[bool]]:
    if wanted.figure in _PROMISES:
        return [*_promised(wanted.figure), Promise.due_at >= period.start, Promise.due_at < period.end,
                *scope.conditions()]  # fmt: skip
    own: dict[Figure, list[ColumnElement[bool]]] = {
        Figure.ANSWERED: [ANSWER_WORK.is_not(None)],
        Figure.MEASURED: [SOLUTION_WORK.is_not(None)],
        Figure.REOPENED: [Ticket.reopened_count > 0],
        Figure.RATED: [Rating.value.in_(wanted.ratings)] if wanted.ratings else [],
    }
    in_period = came if wanted.figure in {Figure.CAME, Figure.ANSWERED} else done
    conditions = [*in_period(period, scope), *own.get(wanted.figure, [])]
    if wanted.hour is not None:
        conditions.append(local_hour(Ticket.created_at, period) % 24 == wanted.hour)
    return conditions


def _promised(figure: Figure) -> list[ColumnElement[bool]]:
    kind, urgency, kept = _PROMISES[figure]
    conditions: list[ColumnElement[bool]] = [Promise.kind == kind]
    if urgency is not None:
        conditions.append(Promise.urgency == urgency)
    return [*conditions, *((JUDGED, Promise.kept.is_(kept)) if kept is not None else OPEN)]


def _beyond(axis: Any, row_id: Any, after: tuple[datetime, int]) -> ColumnElement[bool]:
    moment, last_id = after
    return or_(axis < moment, and_(axis == moment, row_id < last_id))
