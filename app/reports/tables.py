"""The same figures told apart: by company, engineer, channel or contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from app.extensions import db
from app.models.company import Company
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.reports import court, promises, ratings, spread
from app.reports.court import Court
from app.reports.period import Period
from app.reports.promises import Figures
from app.reports.scope import ANSWER_WORK, COLUMNS, SOLUTION_WORK, Dimension, Scope, came, done
from app.reports.spread import Spread


@dataclass(frozen=True, slots=True)
class Line:
    """One company, engineer, channel or contract. ``key`` None: the requests without one."""

    key: int | str | None
    name: str
    came: int
    solved: int
    reopened: int
    kept: Figures
    answer: Spread
    solution: Spread
    rated: int
    rating: float | None
    court: Court | None


def lines(dimension: Dimension, period: Period, scope: Scope) -> list[Line]:
    """All that had a request in the period."""
    column: Any = COLUMNS[dimension]
    arrived = select(column, func.count()).where(*came(period, scope)).group_by(column)
    again = func.sum(case((Ticket.reopened_count > 0, 1), else_=0))
    finished = select(column, func.count(), again).where(*done(period, scope)).group_by(column)
    coming: dict[Any, int] = dict(db.session.execute(arrived).all())
    solved = {key: (many, int(reopened)) for key, many, reopened in db.session.execute(finished)}
    kept = promises.solutions_by(column, period.start, period.end, scope)
    answers = spread.by(column, ANSWER_WORK, came(period, scope))
    solutions = spread.by(column, SOLUTION_WORK, done(period, scope))
    rated = ratings.by(column, period, scope)
    courts = court.by(column, period, scope)
    keys = coming.keys() | solved.keys() | kept.keys()
    names = names_of(dimension, keys)
    return [
        Line(
            key=key,
            name=names.get(key, str(key)) if key is not None else "",
            came=coming.get(key, 0),
            solved=solved.get(key, (0, 0))[0],
            reopened=solved.get(key, (0, 0))[1],
            kept=kept.get(key, Figures()),
            answer=answers.get(key, Spread()),
            solution=solutions.get(key, Spread()),
            rated=rated[key][0] if key in rated else 0,
            rating=rated[key][1] if key in rated else None,
            court=courts.get(key),
        )
        for key in keys
    ]


def names_of(dimension: Dimension, keys: set[Any]) -> dict[Any, str]:
    kinds = {Dimension.COMPANY: (Company.id, Company.name), Dimension.ENGINEER: (Staff.id, Staff.name)}
    if dimension not in kinds:
        return {}
    identity, name = kinds[dimension]
    wanted = [key for key in keys if key is not None]
    return dict(db.session.execute(select(identity, name).where(identity.in_(wanted))).all())
