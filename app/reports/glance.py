"""A period read in few passes: one over each index gives the whole, the companies and the engineers alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
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

# SQLite would walk the index of companies to save the sorting, row by row; a sum has no index.
_PAIR: tuple[Any, Any] = (Ticket.company_id + 0, Ticket.engineer_id)
_REST = -1  # no row's id
Pair = tuple[Any, Any]  # a company and an engineer


@dataclass(frozen=True)
class Glance:
    """``largest``: the companies with most requests; ``rest`` the others together, ``rest_count`` of them."""

    overview: Overview
    answers: list[Spread]
    solutions: list[Spread]
    largest: list[Line]
    rest: Line | None
    rest_count: int
    engineers: list[Line]


def glance(period: Period, scope: Scope, ends: list[datetime], most: int) -> Glance:
    """``ends``: where the parts of the period end whose times are told apart; ``most`` companies stand alone."""
    cube = _Cube(period, scope)
    answers = spread.parts_of(ANSWER_WORK, came(period, scope), Ticket.created_at, ends)
    solutions = spread.parts_of(SOLUTION_WORK, done(period, scope), Ticket.solved_at, ends)
    alone, others = cube.companies(most)
    medians = _company_medians(alone, period, scope)
    names = names_of(Dimension.COMPANY, set(alone))
    engineers = spread.by(Ticket.engineer_id, ANSWER_WORK, came(period, scope))
    return Glance(
        overview=cube.overview(spread.of_counts(chain(*answers)), spread.of_counts(chain(*solutions))),
        answers=[spread.of_counts(counts) for counts in answers],
        solutions=[spread.of_counts(counts) for counts in solutions],
        largest=[cube.company([key], names.get(key, ""), medians.get(key)) for key in alone],
        rest=cube.company(others, "", medians.get(_REST)) if others else None,
        rest_count=len(others),
        engineers=cube.engineers(engineers),
    )


class _Cube:
    """Counts by company and engineer, added up along either."""

    def __init__(self, period: Period, scope: Scope) -> None:
        self._period, self._scope = period, scope
        arrived = select(*_PAIR, func.count()).where(*came(period, scope)).group_by(*_PAIR)
        self._came = {(c, e): many for c, e, many in db.session.execute(arrived)}
        again = func.sum(case((Ticket.reopened_count > 0, 1), else_=0))
        finished = select(*_PAIR, func.count(), again).where(*done(period, scope)).group_by(*_PAIR)
        self._solved = {(c, e): (many, int(times)) for c, e, many, times in db.session.execute(finished)}
        self._rated = self._ratings()
        self._kept = self._promises()
        self._pairs: tuple[dict[Any, list[Pair]], dict[Any, list[Pair]]] = ({}, {})
        for pair in self._came.keys() | self._solved.keys() | self._kept.keys():
            for axis, key in zip(self._pairs, pair, strict=True):
                axis.setdefault(key, []).append(pair)

    def _ratings(self) -> dict[Pair, Counter[int]]:
        query = select(*_PAIR, Rating.value, func.count()).where(*standing(), *done(self._period, self._scope))
        found: dict[Pair, Counter[int]] = defaultdict(Counter)
        for company, engineer, value, many in db.session.execute(query.group_by(*_PAIR, Rating.value)):
            found[company, engineer][value] = many
        return found

    def _promises(self) -> dict[Pair, dict[Urgency, Figures]]:
        due = (Promise.due_at >= self._period.start, Promise.due_at < self._period.end)
        query = (
            select(*_PAIR, Promise.urgency, func.sum(promises.kept_number()), func.count())
            .join(Promise, Promise.ticket_id == Ticket.id)
            .where(*due, JUDGED, Promise.kind == PromiseKind.SOLUTION, *self._scope.conditions())
            .group_by(*_PAIR, Promise.urgency)
        )
        found: dict[Pair, dict[Urgency, Figures]] = defaultdict(dict)
        for company, engineer, urgency, kept, many in db.session.execute(query):
            found[company, engineer][urgency] = Figures(int(kept), int(many - kept))
        return found

    def overview(self, first_answer: Spread, solution: Spread) -> Overview:
        whole = self._sum(chain(*self._pairs[0].values()))
        start, end = self._period.start, self._period.end
        pending = promises.pending(start, end, self._scope)
        marks: Counter[int] = Counter()
        for counts in self._rated.values():
            marks.update(counts)
        one, two, three, four, five = (marks[value] for value in range(1, 6))
        urgent = [told[Urgency.URGENT] for told in self._kept.values() if Urgency.URGENT in told]
        return Overview(
            solutions=whole.kept + Figures(pending=pending),
            answers=promises.judged(start, end, PromiseKind.REACTION, self._scope),
            urgent=sum(urgent, Figures()),
            first_answer=first_answer,
            solution=solution,
            ratings=Ratings((one, two, three, four, five), whole.solved),
            came=whole.came,
            solved=whole.solved,
            reopened=whole.reopened,
        )

    def companies(self, most: int) -> tuple[list[Any], list[Any]]:
        """Those that stand alone, by the number of their requests, and the others; one more is shown as it is."""
        counts: Counter[Any] = Counter()
        for (company, _engineer), many in self._came.items():
            counts[company] += many
        ordered = sorted(self._pairs[0], key=lambda key: (key is None, -counts[key], key or 0))
        return (ordered, []) if len(ordered) <= most + 1 else (ordered[:most], ordered[most:])

    def company(self, keys: list[Any], name: str, solution: Spread | None) -> Line:
        """One company, or several together."""
        pairs = [pair for key in keys for pair in self._pairs[0][key]]
        return self._sum(pairs, keys[0] if len(keys) == 1 else None, name, solution=solution)

    def engineers(self, answers: dict[Any, Spread]) -> list[Line]:
        names = names_of(Dimension.ENGINEER, set(self._pairs[1]))
        return [
            self._sum(pairs, key, names.get(key, ""), answer=answers.get(key)) for key, pairs in self._pairs[1].items()
        ]

    def _sum(
        self,
        pairs: Iterable[Pair],
        key: Any = None,
        name: str = "",
        answer: Spread | None = None,
        solution: Spread | None = None,
    ) -> Line:
        marks: Counter[int] = Counter()
        arrived = solved = reopened = kept = broken = 0
        for pair in pairs:
            marks.update(self._rated.get(pair, {}))
            arrived += self._came.get(pair, 0)
            many, times = self._solved.get(pair, (0, 0))
            solved, reopened = solved + many, reopened + times
            for one in self._kept.get(pair, {}).values():
                kept, broken = kept + one.kept, broken + one.broken
        return Line(
            key=key,
            name=name,
            came=arrived,
            solved=solved,
            reopened=reopened,
            kept=Figures(kept, broken),
            answer=answer or Spread(),
            solution=solution or Spread(),
            rated=marks.total(),
            rating=sum(value * many for value, many in marks.items()) / marks.total() if marks.total() else None,
            court=None,
        )


def _company_medians(keys: list[Any], period: Period, scope: Scope) -> dict[Any, Spread]:
    """Of the named companies each, of all others together under ``_REST``, of none under None."""
    known = [key for key in keys if key is not None]
    nobody: list[Any] = [(Ticket.company_id.is_(None), None)] if None in keys else []
    group = case(*nobody, (Ticket.company_id.in_(known), Ticket.company_id), else_=_REST)
    return spread.by(group, SOLUTION_WORK, done(period, scope))
