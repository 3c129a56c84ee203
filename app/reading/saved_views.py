"""The selections that a member of staff keeps, each with how much of what is open belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, and_, bindparam, select

from app.columns import read_columns
from app.models.saved_view import SavedView
from app.reading.queue_selection import Selection
from app.reading.queue_views import View, conditions
from app.reading.reader import Reader

_OWN = (
    select(SavedView.id, SavedView.name, SavedView.query)
    .where(SavedView.staff_id == bindparam("staff"))
    .order_by(SavedView.name)
)


@dataclass(frozen=True, slots=True)
class Saved:
    id: int
    name: str
    selection: Selection
    count: int | None = None


def of(reader: Reader) -> list[Saved]:
    """By name, not counted yet."""
    rows = read_columns(_OWN, {"staff": reader.staff_id})
    return [Saved(row.id, row.name, Selection.parse(dict(parse_qsl(row.query)))) for row in rows]


def figures(saved: Sequence[Saved], reader: Reader) -> list[ColumnElement[bool]]:
    """Conditions to count by, of those that look at what is open."""
    return [
        and_(*conditions(one.selection.view, reader), *one.selection.conditions())
        for one in saved
        if one.selection.view is not View.SOLVED
    ]


def counted(saved: Sequence[Saved], counts: Sequence[int]) -> list[Saved]:
    """The same with their counts, in the order of ``figures``."""
    left = iter(counts)
    return [
        one if one.selection.view is View.SOLVED else Saved(one.id, one.name, one.selection, next(left))
        for one in saved
    ]
