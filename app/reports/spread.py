"""Medians and "nine of ten faster than", to the minute: no averages of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from app.extensions import db

ENOUGH = 10  # fewer cases say little
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
        return self.count >= ENOUGH


def of_counts(counts: Counts) -> Spread:
    """Of pairs (minutes, how many times)."""
    ordered = sorted(counts)
    total = sum(many for _minutes, many in ordered)
    if not total:
        return Spread()
    return Spread(total, _ranked(ordered, -(-total // 2)), _ranked(ordered, -(-total * 9 // 10)))


def of_all(work: ColumnElement[int], conditions: list[ColumnElement[bool]]) -> Spread:
    """Of the requests that meet the conditions."""
    return of_counts(_counts(work, conditions))


def of_parts(
    work: ColumnElement[int], conditions: list[ColumnElement[bool]], axis: Any, ends: list[Any]
) -> list[Spread]:
    """Of parts of a period, in its order: each ends where ``axis`` reaches its moment."""
    part = case(*[(axis < end, number) for number, end in enumerate(ends[:-1])], else_=len(ends) - 1)
    minutes = work // 60
    query = select(part, minutes, func.count()).where(*conditions, work.is_not(None)).group_by(part, minutes)
    found: list[list[tuple[int, int]]] = [[] for _ in ends]
    for number, amount, many in db.session.execute(query):
        found[number].append((amount, many))
    return [of_counts(counts) for counts in found]


def by(column: Any, work: ColumnElement[int], conditions: list[ColumnElement[bool]]) -> dict[Any, Spread]:
    """One for each value of a column, ranked by the database."""
    # in a list: a sum is taken for several columns otherwise
    rank = func.row_number().over(partition_by=column, order_by=[work]).label("rank")
    many = func.count().over(partition_by=column).label("many")
    ranked = (
        select(column.label("key"), (work // 60).label("minutes"), rank, many)
        .where(*conditions, work.is_not(None))
        .subquery()
    )
    middle = case((ranked.c.rank == (ranked.c.many + 1) // 2, ranked.c.minutes))
    nine = case((ranked.c.rank == (ranked.c.many * 9 + 9) // 10, ranked.c.minutes))
    query = select(ranked.c.key, func.max(ranked.c.many), func.max(middle), func.max(nine)).group_by(ranked.c.key)
    return {key: Spread(count, half * _MINUTE, most * _MINUTE) for key, count, half, most in db.session.execute(query)}


def _counts(work: ColumnElement[int], conditions: list[ColumnElement[bool]]) -> list[tuple[int, int]]:
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
