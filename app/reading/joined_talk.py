"""What was said on the requests that were merged into one, for the conversation of the one that goes on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models.message import Attachment
from app.models.ticket import Ticket
from app.reading.entries import Entry, Telling
from app.reading.reader import Reader
from app.reading.said import files_of, messages_of

_HAS_FILES = exists().where(Attachment.ticket_id == Ticket.id).label("has_files")
_MOST = 200  # joined requests, as many as one act merges


def entries(ticket_id: int, reader: Reader) -> list[Entry]:
    """Their messages, each with the number it was said on; two queries for all of them, one more for files."""
    joined = {row.id: row for row in _joined(ticket_id)}
    if not joined:
        return []
    files = files_of([row.id for row in joined.values() if row.has_files])
    told = {row.id: Telling(row, reader) for row in joined.values()}
    made = []
    for message in messages_of(joined):
        if message.recalled_at is None:
            entry = told[message.ticket_id].message(message, files.get(message.id, []), None, {})
            entry.origin = joined[message.ticket_id].number
            made.append(entry)
    return made


def _joined(ticket_id: int) -> list[Columns[Any]]:
    """Those merged into it, and into those."""
    chain = (
        select(Ticket.id)
        .where(Ticket.merged_into_id.is_not(None), Ticket.merged_into_id == ticket_id)
        .cte("joined", recursive=True)
    )
    further = aliased(Ticket)
    chain = chain.union(
        select(further.id).where(further.merged_into_id.is_not(None), further.merged_into_id == chain.c.id)
    )
    columns = (Ticket.id, Ticket.number, Ticket.applicant_name, Ticket.applicant_email, Ticket.whose, Ticket.where)
    wanted = select(*columns, Ticket.links, _HAS_FILES).where(Ticket.id.in_(select(chain.c.id)))
    return list(db.session.execute(wanted.order_by(Ticket.id).limit(_MOST)))
