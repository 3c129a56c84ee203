"""The numbers of a period: promises kept, first answer, solution, urgent ones, ratings; each with its base."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select

from app.extensions import db
from app.models.ticket import Ticket
from app.models.words import PromiseKind, Urgency
from app.reports import promises, ratings, spread
from app.reports.period import Period
from app.reports.promises import Figures
from app.reports.ratings import Ratings
from app.reports.scope import ANSWER_WORK, SOLUTION_WORK, Scope, came, done
from app.reports.spread import Spread
from app.tickets.measure import UNMEASURED


@dataclass(frozen=True, slots=True)
class Overview:
    """``came``: requests that came; ``solved`` and ``reopened``: of those solved, so many had been taken up again."""

    solutions: Figures
    answers: Figures
    urgent: Figures
    first_answer: Spread
    solution: Spread
    ratings: Ratings
    came: int
    solved: int
    reopened: int


def overview(period: Period, scope: Scope) -> Overview:
    told = promises.by_urgency(period.start, period.end, scope)
    urgent = told[PromiseKind.SOLUTION, Urgency.URGENT]
    arrived = db.session.scalar(select(func.count()).select_from(Ticket).where(*came(period, scope))) or 0
    again = func.sum(case((Ticket.reopened_count > 0, 1), else_=0))
    solved, reopened = db.session.execute(select(func.count(), again).where(*done(period, scope))).one()
    return Overview(
        solutions=told[PromiseKind.SOLUTION, Urgency.NORMAL] + urgent,
        answers=told[PromiseKind.REACTION, Urgency.NORMAL] + told[PromiseKind.REACTION, Urgency.URGENT],
        urgent=urgent,
        first_answer=spread.of_all(ANSWER_WORK, came(period, scope)),
        solution=spread.of_all(SOLUTION_WORK, done(period, scope)),
        ratings=ratings.given(period, scope, solved),
        came=arrived,
        solved=solved,
        reopened=reopened or 0,
    )


def is_measured() -> bool:
    """Whether no request waits to be measured (after an upgrade, for a while)."""
    owed = select(Ticket.id).where(UNMEASURED).limit(1)
    return db.session.scalar(owed) is None
