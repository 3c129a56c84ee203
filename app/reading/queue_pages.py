"""Which requests stand on one page of a selection, by keyset: as cheap on the last page as on the first."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from app.extensions import db
from app.models.ticket import Ticket
from app.reading.queue_selection import Selection
from app.reading.queue_views import PAGE, Cursor, by_rank, conditions, mirrored
from app.reading.reader import Reader


def page_ids(selection: Selection, reader: Reader, after: Cursor | None) -> list[int]:
    """The ids of one page and of the row behind it, which says that there is more."""
    moment = selection.moment
    query = select(Ticket.id).where(*conditions(selection.view, reader), *selection.conditions()).limit(PAGE + 1)
    if not selection.is_by_due:
        query = query.order_by(moment.desc(), Ticket.id.desc())
        if after:
            before = mirrored(after.moment)
            query = query.where(or_(moment < before, and_(moment == before, Ticket.id < after.ticket_id)))
    else:
        query = query.order_by(by_rank, moment, Ticket.id)
        if after:
            in_rank = or_(moment > after.moment, and_(moment == after.moment, Ticket.id > after.ticket_id))
            query = query.where(or_(by_rank > after.rank, and_(by_rank == after.rank, in_rank)))
    return list(db.session.scalars(query))
