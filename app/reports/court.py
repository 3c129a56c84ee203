"""Whose the working time until the solution was: queue, engineers, third parties, customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.models.ticket import Ticket
from app.models.words import Holder
from app.reports.period import Period
from app.reports.scope import Scope, done

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Court:
    """Working time of all requests solved in a period, by who held the ball."""

    count: int
    queue: timedelta
    engineer: timedelta
    third_party: timedelta
    customer: timedelta

    @property
    def total(self) -> timedelta:
        return self.queue + self.engineer + self.third_party + self.customer

    def parts(self) -> list[tuple[Holder, timedelta, float]]:
        """Holder, time and share, in the order of a request's life."""
        held = (
            (Holder.QUEUE, self.queue),
            (Holder.ENGINEER, self.engineer),
            (Holder.THIRD_PARTY, self.third_party),
            (Holder.CUSTOMER, self.customer),
        )
        return [(holder, time, time / self.total if self.total else 0.0) for holder, time in held]


_SUMS = (
    func.count(Ticket.queue_work),
    func.sum(Ticket.queue_work),
    func.sum(Ticket.engineer_work),
    func.sum(Ticket.third_party_work),
    func.sum(Ticket.customer_work),
)


def court(period: Period, scope: Scope) -> Court:
    return _court(db.session.execute(select(*_SUMS).where(*done(period, scope))).one())


def by(column: Any, period: Period, scope: Scope) -> dict[Any, Court]:
    """For each value of a request's column."""
    query = select(column, *_SUMS).where(*done(period, scope)).group_by(column)
    return {row[0]: _court(row[1:]) for row in db.session.execute(query)}


def _court(row: Any) -> Court:
    return Court(row[0], *(int(seconds or 0) * _SECOND for seconds in row[1:]))
