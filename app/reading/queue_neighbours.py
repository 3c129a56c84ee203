"""The requests before and behind one in a selection of the queue, and its place there; one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import func, select

from app.columns import read_columns
from app.models.ticket import Ticket
from app.reading.queue_pages import ahead, behind, ordered
from app.reading.queue_selection import Order, Selection
from app.reading.queue_views import Cursor, conditions, mirrored, rank_of
from app.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Numbers, or "" at an end. ``position`` is 0 where the selection shows this request no longer."""

    previous: str
    following: str
    position: int
    total: int


def place_of(columns: Columns[Any], selection: Selection) -> Cursor:
    """Where a request stands in the order of a selection, whether or not it belongs to it."""
    if selection.is_by_due:
        rank = rank_of(columns.state, columns.urgency, columns.engineer_id, columns.paused_at)
        return Cursor(rank, columns.due_at or columns.created_at, columns.id)
    moment = columns.created_at if selection.order is Order.NEWEST else columns.touched_at
    return Cursor(1, mirrored(moment), columns.id)


def neighbours(columns: Columns[Any], selection: Selection, reader: Reader) -> Neighbours:
    """A request that left the selection (solved a moment ago, say) still leads on from where it stood."""
    place = place_of(columns, selection)
    own = (*conditions(selection.view, reader), *selection.conditions())
    earlier, later = ahead(selection, place), behind(selection, place)
    numbers = select(Ticket.number).where(*own).limit(1)
    figures = select(
        ordered(numbers.where(earlier), selection, backwards=True).scalar_subquery(),
        ordered(numbers.where(later), selection).scalar_subquery(),
        func.count().filter(earlier),
        func.count(),
        func.count().filter(Ticket.id == columns.id),
    )
    previous, following, before, total, is_in = read_columns(figures.where(*own)).one()
    return Neighbours(previous or "", following or "", before + 1 if is_in else 0, total)
