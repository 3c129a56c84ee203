"""Medians and "nine of ten faster than", to the minute: no averages of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select

from app.extensions import db

ENOUGH = 10
_MINUTE = timedelta(minutes=1)
Counts = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Spread:
    """The nearest-rank median and ninth tenth of so many times; None where there is none."""

    count: int = 0
    median: timedelta | None = None
    nine: timedelta | None = None

    @property
    def is_enough(self) -> bool:
        return is_enough(self.count)


def is_enough(cases: int) -> bool:
    """Whether a figure of so many cases says anything."""
    return cases >= ENOUGH


def of_counts(counts: Counts) -> Spread:
    """Of pairs (minutes, how many times)."""
    ordered = sorted(counts)  # the same minute may stand in several parts
    total = sum(many for _minutes, many in ordered)
    if not total:
        return Spread()
    return Spread(total, _ranked(ordered, -(-total // 2)), _ranked(ordered, -(-total * 9 // 10)))


def of_all(work: Any, conditions: list[ColumnElement[bool]]) -> Spread:
    """Of the requests that meet the conditions."""
    return of_counts(_counts(work, conditions))


def parts_of(
    work: Any, conditions: list[ColumnElement[bool]], axis: Any, ends: list[Any]
) -> list[list[tuple[int, int]]]:
    """Pairs (minutes, how many times) of parts of a period: each ends where ``axis`` reaches its moment."""
    turns = [(axis < end, number) for number, end in enumerate(ends[:-1])]
    part: Any = case(*turns, else_=len(turns)) if turns else literal(0)
    minutes = work // 60
    query = select(part, minutes, func.count()).where(*conditions, work.is_not(None)).group_by(part, minutes)
    found: list[list[tuple[int, int]]] = [[] for _ in ends]
    for number, amount, many in db.session.execute(query):
        found[number].append((amount, many))
    return found


def by(column: Any, work: Any, conditions: list[ColumnElement[bool]]) -> dict[Any, Spread]:
    """One for each value of a column."""
    minutes = work // 60
    query = select(column, minutes, func.count()).where(*conditions, work.is_not(None)).group_by(column, minutes)
    found: dict[Any, list[tuple[int, int]]] = {}
    for key, amount, many in db.session.execute(query):
        found.setdefault(key, []).append((amount, many))
    return {key: of_counts(counts) for key, counts in found.items()}


def _counts(work: Any, conditions: list[ColumnElement[bool]]) -> list[tuple[int, int]]:
    minutes = work // 60
    query = select(minutes, func.count()).where(*conditions, work.is_not(None)).group_by(minutes)
    return [(amount, many) for amount, many in db.session.execute(query)]


def _ranked(ordered: list[tuple[int, int]], rank: int) -> timedelta:
    seen = 0
    for minutes, many in ordered:
        seen += many
        if seen >= rank:
            return minutes * _MINUTE
    raise AssertionError("a rank beyond the last")
