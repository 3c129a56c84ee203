"""What customers said of the solutions of a period: one rating a solution, the one that stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models.rating import Rating
from app.models.ticket import Ticket
from app.reports.period import Period
from app.reports.scope import Scope, done


@dataclass(frozen=True, slots=True)
class Ratings:
    """How many gave one to five; ``solved``: of so many solutions."""

    counts: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    solved: int = 0

    @property
    def count(self) -> int:
        return sum(self.counts)

    @property
    def low(self) -> int:
        return self.counts[0] + self.counts[1]

    @property
    def mean(self) -> float | None:
        total = sum(value * many for value, many in enumerate(self.counts, 1))
        return total / self.count if self.count else None

    @property
    def answered(self) -> float | None:
        """The share of solutions that somebody rated."""
        return self.count / self.solved if self.solved else None


def standing() -> list[ColumnElement[bool]]:
    """A rating of the solution that stands, by the customer's last word; one of an earlier solution is no such."""
    return [Rating.ticket_id == Ticket.id, Rating.superseded_at.is_(None), Rating.at >= Ticket.solved_at]


def given(period: Period, scope: Scope, solved: int) -> Ratings:
    query = (
        select(Rating.value, func.count()).where(*standing(), *done(period, scope)).group_by(Rating.value)
    )  # of requests solved in the period
    found: dict[int, int] = dict(db.session.execute(query).all())
    one, two, three, four, five = (found.get(value, 0) for value in range(1, 6))
    return Ratings((one, two, three, four, five), solved)


def by(column: Any, period: Period, scope: Scope) -> dict[Any, tuple[int, float]]:
    """How many ratings and their mean, for each value of a request's column."""
    query = (
        select(column, func.count(), func.sum(Rating.value)).where(*standing(), *done(period, scope)).group_by(column)
    )
    return {key: (many, float(total) / many) for key, many, total in db.session.execute(query)}
