"""A period read in few passes: one over each index gives the whole, the companies and the engineers alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import case, func, select

from app.extensions import db
from app.models.promise import Promise
from app.models.rating import Rating
from app.models.ticket import Ticket
from app.models.words import PromiseKind, Urgency
from app.reports import promises, spread
from app.reports.overview import Overview
from app.reports.period import Period
from app.reports.promises import JUDGED, Figures
from app.reports.ratings import Ratings, standing
from app.reports.scope import ANSWER_WORK, SOLUTION_WORK, Dimension, Scope, came, done
from app.reports.spread import Spread
from app.reports.tables import Line, names_of

_REST = -1  # no row's id
Pair = tuple[Any, Any]  # a company (or all that do not stand alone) and an engineer


@dataclass(frozen=True)
class Glance:
    """``largest``: the companies with most requests; ``rest`` the others together, ``rest_count`` of them asked."""

    overview: Overview
    answers: list[Spread]
    solutions: list[Spread]
    largest: list[Line]
    rest: Line | None
    rest_count: int
    engineers: list[Line]


def glance(period: Period, scope: Scope, ends: list[datetime], most: int) -> Glance:
    """``ends``: where the parts of the period end whose times are told apart; ``most`` companies stand alone."""
    alone, others = _largest(period, scope, most)
    cube = _Cube(period, scope, alone)
    answers = spread.parts_of(ANSWER_WORK, came(period, scope), Ticket.created_at, ends)
    solutions = spread.parts_of(SOLUTION_WORK, done(period, scope), Ticket.solved_at, ends)
    medians = spread.by(cube.company, SOLUTION_WORK, done(period, scope))
    return Glance(
        overview=cube.overview(spread.of_counts(chain(*answers)), spread.of_counts(chain(*solutions))),
        answers=[spread.of_counts(counts) for counts in answers],
        solutions=[spread.of_counts(counts) for counts in solutions],
        largest=cube.companies(alone, medians),
        rest=cube.rest(medians.get(_REST)),
        rest_count=others,
        engineers=cube.engineers(spread.by(Ticket.engineer_id, ANSWER_WORK, came(period, scope))),
    )


def _largest(period: Period, scope: Scope, most: int) -> tuple[list[Any], int]:
    """The companies that most requests came from, and how many others there are; one more stands alone too."""
    query = select(Ticket.company_id, func.count()).where(*came(period, scope)).group_by(Ticket.company_id)
    counts = [(company is None, -many, company or 0) for company, many in db.session.execute(query)]
    ordered = [None if is_none else company for is_none, _many, company in sorted(counts)]
    return (ordered, 0) if len(ordered) <= most + 1 else (ordered[:most], len(ordered) - most)


class _Cube:
    """Counts by company and engineer, added up along either."""

    def __init__(self, period: Period, scope: Scope, alone: list[Any]) -> None:
        self._period, self._scope = period, scope
        known = [key for key in alone if key is not None]
        nobody: list[Any] = [(Ticket.company_id.is_(None), None)] if None in alone else []
        self.company: Any = case(*nobody, (Ticket.company_id.in_(known), Ticket.company_id), else_=_REST)
        self._pair = (self.company, Ticket.engineer_id)
        self._came = self._counted(came(period, scope), func.count())
        again = func.sum(case((Ticket.reopened_count > 0, 1), else_=0))
        self._solved = self._counted(done(period, scope), func.count(), again)
        marks = [func.sum(case((Rating.value == value, 1), else_=0)) for value in range(1, 6)]
        self._rated = self._counted([*standing(), *done(period, scope)], *marks)
        self._kept = self._promises()
        self._pairs = self._came.keys() | self._solved.keys() | self._kept.keys()

    def _counted(self, conditions: list[Any], *sums: Any) -> dict[Pair, tuple[int, ...]]:
        query = select(*self._pair, *sums).where(*conditions).group_by(*self._pair)
        return {(row[0], row[1]): tuple(int(number) for number in row[2:]) for row in db.session.execute(query)}

    def _promises(self) -> dict[Pair, tuple[int, ...]]:
        """Kept and judged, kept and judged of the urgent ones."""
        kept, urgent = promises.kept_number(), Promise.urgency == Urgency.URGENT
        sums = (func.sum(kept), func.count(), func.sum(case((urgent, kept), else_=0)))
        query = (
            select(*self._pair, *sums, func.sum(case((urgent, 1), else_=0)))
            .join(Promise, Promise.ticket_id == Ticket.id)
            .where(Promise.due_at >= self._period.start, Promise.due_at < self._period.end)
            .where(JUDGED, Promise.kind == PromiseKind.SOLUTION, *self._scope.conditions())
            .group_by(*self._pair)
        )
        return {(row[0], row[1]): tuple(int(number) for number in row[2:]) for row in db.session.execute(query)}

    def overview(self, first_answer: Spread, solution: Spread) -> Overview:
        whole = self._sum(self._pairs)
        start, end = self._period.start, self._period.end
        _kept, _judged, urgent_kept, urgent_judged = _added(self._kept.values(), 4)
        one, two, three, four, five = _added(self._rated.values(), 5)
        return Overview(
            solutions=whole.kept + Figures(pending=promises.pending(start, end, self._scope)),
            answers=promises.judged(start, end, PromiseKind.REACTION, self._scope),
            urgent=Figures(urgent_kept, urgent_judged - urgent_kept),
            first_answer=first_answer,
            solution=solution,
            ratings=Ratings((one, two, three, four, five), whole.solved),
            came=whole.came,
            solved=whole.solved,
            reopened=whole.reopened,
        )

    def companies(self, alone: list[Any], medians: dict[Any, Spread]) -> list[Line]:
        names = names_of(Dimension.COMPANY, set(alone))
        return [self._along(0, key, names.get(key, ""), solution=medians.get(key)) for key in alone]

    def rest(self, solution: Spread | None) -> Line | None:
        """All other companies together."""
        found = self._along(0, _REST, "", solution=solution)
        return found if found.came or found.solved or found.kept.judged else None

    def engineers(self, answers: dict[Any, Spread]) -> list[Line]:
        keys = {engineer for _company, engineer in self._pairs}
        names = names_of(Dimension.ENGINEER, keys)
        return [self._along(1, key, names.get(key, ""), answer=answers.get(key)) for key in keys]

    def _along(
        self, axis: int, key: Any, name: str, answer: Spread | None = None, solution: Spread | None = None
    ) -> Line:
        line = self._sum(pair for pair in self._pairs if pair[axis] == key)
        return replace(line, key=key, name=name, answer=answer or Spread(), solution=solution or Spread())

    def _sum(self, wanted: Iterable[Pair]) -> Line:
        pairs = list(wanted)
        (arrived,) = _added((self._came[pair] for pair in pairs if pair in self._came), 1)
        solved, reopened = _added((self._solved[pair] for pair in pairs if pair in self._solved), 2)
        kept, judged, _, _ = _added((self._kept[pair] for pair in pairs if pair in self._kept), 4)
        marks = _added((self._rated[pair] for pair in pairs if pair in self._rated), 5)
        rated, total = sum(marks), sum(value * many for value, many in enumerate(marks, 1))
        mean = total / rated if rated else None
        own = Figures(kept, judged - kept)
        return Line(None, "", arrived, solved, reopened, own, Spread(), Spread(), rated, mean, None)


def _added(rows: Iterable[tuple[int, ...]], width: int) -> tuple[int, ...]:
    """Rows of that many numbers, added up."""
    return tuple(map(sum, zip(*rows, strict=True))) or (0,) * width
