"""Who has read what of a request: a row of the list is bold for one reader and calm for another.

Unread is what came since the reader's page last showed the conversation: the customer's word, and a colleague's note
to them. A colleague's request that the reader never opened is unread only while its customer waits for a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, and_, bindparam, delete, func, select

from app.extensions import db, insert_into
from app.models.message import Message
from app.models.read_mark import ReadMark
from app.models.ticket import Ticket
from app.models.words import State

_KEY = ["ticket_id", "staff_id"]
_KNOWN = (
    select(Ticket.id, Ticket.word_id, ReadMark.seen_id, ReadMark.called_id)
    .select_from(Ticket)
    .outerjoin(ReadMark, and_(ReadMark.ticket_id == Ticket.id, ReadMark.staff_id == bindparam("staff")))
    .where(Ticket.number == bindparam("number"), Ticket.state != State.CLOSED)
)


def with_marks(query: Select[Any], staff_id: int | None) -> Select[Any]:
    """The query of requests with the columns that ``is_unread`` reads for one member of staff."""
    own = and_(ReadMark.ticket_id == Ticket.id, ReadMark.staff_id == (staff_id or 0))
    return query.outerjoin(ReadMark, own).add_columns(Ticket.word_id, ReadMark.seen_id, ReadMark.called_id)


def is_unread(columns: Columns[Any], staff_id: int | None) -> bool:
    """Whether a row of ``with_marks`` holds what its reader has not seen and ought to."""
    if _newest(columns) <= (columns.seen_id or 0):
        return False
    is_theirs = columns.seen_id is not None or columns.engineer_id in {None, staff_id}
    return is_theirs or columns.answered_at is not None or columns.state is State.NEW


def see(number: str, staff_id: int, seen_id: int) -> bool:
    """Their page shows this request up to that message; whether that is news. Seldom writes: a page says so often."""
    known = db.session.execute(_KNOWN, {"number": number, "staff": staff_id}).first()
    if known is None or (known.seen_id is not None and known.seen_id >= min(seen_id, _newest(known))):
        return False
    newest = db.session.scalar(select(func.max(Message.id))) or 0  # nobody has seen what is yet to be said
    return _put(known.id, staff_id, min(seen_id, newest))


def read(ticket: Ticket, staff_id: int | None) -> None:
    """They acted on its page and read it to the end."""
    if staff_id is not None and ticket.state is not State.CLOSED:
        newest = db.session.scalar(select(func.max(Message.id)).where(Message.ticket_id == ticket.id))
        _put(ticket.id, staff_id, newest or 0)


def call(ticket: Ticket, staff_ids: Iterable[int | None], message: Message) -> None:
    """A colleague wrote this to them; not to the author, nor to nobody (None)."""
    called = {one for one in staff_ids if one not in {None, message.staff_id}}
    if called and ticket.state is not State.CLOSED:
        rows = [{"ticket_id": ticket.id, "staff_id": one, "called_id": message.id} for one in called]
        made = insert_into(ReadMark).values(rows)
        db.session.execute(made.on_conflict_do_update(index_elements=_KEY, set_={"called_id": message.id}))


def forget(ticket: Ticket) -> None:
    """It is closed: no list of open requests shows it any more."""
    own = delete(ReadMark).where(ReadMark.ticket_id == ticket.id)
    db.session.execute(own, execution_options={"synchronize_session": False})


def _newest(columns: Any) -> int:
    return max(columns.word_id or 0, columns.called_id or 0)


def _put(ticket_id: int, staff_id: int, seen_id: int) -> bool:
    row = insert_into(ReadMark).values(ticket_id=ticket_id, staff_id=staff_id, seen_id=seen_id)
    further = row.on_conflict_do_update(
        index_elements=_KEY, set_={"seen_id": seen_id}, where=ReadMark.seen_id < seen_id
    )
    return db.session.execute(further.returning(ReadMark.ticket_id)).first() is not None
