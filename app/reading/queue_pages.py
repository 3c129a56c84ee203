"""Which requests stand on one page of a selection, by keyset: as cheap on the last page as on the first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.extensions import db
from app.models.ticket import Ticket
from app.reading.queue_selection import Selection
from app.reading.queue_views import PAGE, Cursor, by_rank, conditions, mirrored
from app.reading.reader import Reader


def page_ids(selection: Selection, reader: Reader, after: Cursor | None) -> list[int]:
    """The ids of one page and of the row behind it, which says that there is more."""
    query = select(Ticket.id).where(*conditions(selection.view, reader), *selection.conditions()).limit(PAGE + 1)
    if after:
        query = query.where(behind(selection, after))
    return list(db.session.scalars(ordered(query, selection)))


def ordered(query: Select[Any], selection: Selection, *, backwards: bool = False) -> Select[Any]:
    """In the order of the selection, or from its end."""
    if selection.is_by_due:
        keys: list[Any] = [by_rank, selection.moment, Ticket.id]
        return query.order_by(*(key.desc() for key in keys) if backwards else keys)
    keys = [selection.moment, Ticket.id]
    return query.order_by(*keys if backwards else (key.desc() for key in keys))


def behind(selection: Selection, place: Cursor) -> ColumnElement[bool]:
    """Later in the order of the selection."""
    if not selection.is_by_due:
        return _smaller(selection, mirrored(place.moment), place.ticket_id)
    in_rank = _greater(selection, place.moment, place.ticket_id)
    return or_(by_rank > place.rank, and_(by_rank == place.rank, in_rank))


def ahead(selection: Selection, place: Cursor) -> ColumnElement[bool]:
    """Earlier in the order of the selection."""
    if not selection.is_by_due:
        return _greater(selection, mirrored(place.moment), place.ticket_id)
    in_rank = _smaller(selection, place.moment, place.ticket_id)
    return or_(by_rank < place.rank, and_(by_rank == place.rank, in_rank))


def _greater(selection: Selection, at: object, ticket_id: int) -> ColumnElement[bool]:
    moment = selection.moment
    return or_(moment > at, and_(moment == at, Ticket.id > ticket_id))


def _smaller(selection: Selection, at: object, ticket_id: int) -> ColumnElement[bool]:
    moment = selection.moment
    return or_(moment < at, and_(moment == at, Ticket.id < ticket_id))
