"""Every request of a selection: for an act on all of them, and in batches for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, func, select

from app.columns import read_columns
from app.extensions import db
from app.models.ticket import Ticket
from app.reading.queue_neighbours import place_of
from app.reading.queue_pages import behind, ordered
from app.reading.queue_rows import selected
from app.reading.queue_selection import Selection
from app.reading.queue_views import Cursor, conditions
from app.reading.reader import Reader

_BATCH = 500
_OWN = (Ticket.applicant_name, Ticket.applicant_email, Ticket.applicant_phone, Ticket.contract)


def numbers(selection: Selection, reader: Reader, most: int) -> list[str]:
    """The first ones in the order of the list, wherever the reader stands in it."""
    query = _narrowed(select(Ticket.number), selection, reader)
    return list(db.session.scalars(ordered(query, selection).limit(most)))


def how_many(selection: Selection, reader: Reader, most: int) -> int:
    """Counted no further than one more than ``most``: that there are more is all that is asked then."""
    some = _narrowed(select(Ticket.id), selection, reader).limit(most + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def rows(selection: Selection, reader: Reader) -> Iterator[Columns[Any]]:
    """All of it in the order of the list, read in batches as they are asked for; no reading is open in between."""
    place: Cursor | None = None
    while True:
        query = ordered(_narrowed(select(Ticket.id), selection, reader), selection).limit(_BATCH)
        ids = list(db.session.scalars(query.where(behind(selection, place)) if place else query))
        wanted = selected(reader).add_columns(*_OWN).where(Ticket.id.in_(ids))
        found = {columns.id: columns for columns in read_columns(wanted)} if ids else {}
        listed = [found[ticket_id] for ticket_id in ids if ticket_id in found]
        db.session.rollback()  # whoever takes the rows slowly holds no connection, and no migration up
        yield from listed
        if len(ids) < _BATCH or not listed:
            return
        place = place_of(listed[-1], selection)


def _narrowed(query: Select[Any], selection: Selection, reader: Reader) -> Select[Any]:
    return query.where(*conditions(selection.view, reader), *selection.conditions())
