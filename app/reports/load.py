"""When requests come, by the clocks of the desk's zone, and on which days promises were broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.extensions import db
from app.models.promise import Promise
from app.models.ticket import Ticket
from app.models.words import PromiseKind
from app.reports.period import Period
from app.reports.promises import of_scope
from app.reports.scope import Scope, came, local_hour

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Load:
    """Requests by the day and by the hour of the day that they came in; solutions' deadlines missed, by their day."""

    days: Counter[date]
    hours: Counter[int]
    week: Counter[tuple[int, int]]  # weekday (Monday is 0) and hour
    broken: Counter[date]

    @property
    def total(self) -> int:
        return self.days.total()


def load(period: Period, scope: Scope) -> Load:
    hour = local_hour(Ticket.created_at, period)
    arrived = select(hour, func.count()).where(*came(period, scope)).group_by(hour)
    found = Load(Counter(), Counter(), Counter(), Counter())
    for hours, many in db.session.execute(arrived):
        day = _day(hours)
        found.days[day] += many
        found.hours[hours % 24] += many
        found.week[day.weekday(), hours % 24] += many
    due = local_hour(Promise.due_at, period)
    missed = select(due, func.count()).where(
        Promise.due_at >= period.start,
        Promise.due_at < period.end,
        Promise.kept.is_not(None),  # as the index has it
        Promise.kept.is_(False),
        Promise.kind == PromiseKind.SOLUTION,
    )
    for hours, many in db.session.execute(of_scope(missed, scope).group_by(due)):
        found.broken[_day(hours)] += many
    return found


def _day(hours: int) -> date:
    return date.fromordinal(_EPOCH + hours // 24)
