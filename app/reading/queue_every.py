"""Every request of a selection: for an act on all of them, and in batches for a file."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from app.extensions import db
from app.models.ticket import Ticket
from app.reading.queue_pages import ordered
from app.reading.queue_selection import Selection
from app.reading.queue_views import conditions
from app.reading.reader import Reader


def numbers(selection: Selection, reader: Reader, most: int) -> list[str]:
    """The first ones in the order of the list, wherever the reader stands in it."""
    query = _narrowed(select(Ticket.number), selection, reader)
    return list(db.session.scalars(ordered(query, selection).limit(most)))


def how_many(selection: Selection, reader: Reader, most: int) -> int:
    """Counted no further than one more than ``most``: that there are more is all that is asked then."""
    some = _narrowed(select(Ticket.id), selection, reader).limit(most + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _narrowed(query: Select[Any], selection: Selection, reader: Reader) -> Select[Any]:
    return query.where(*conditions(selection.view, reader), *selection.conditions())
