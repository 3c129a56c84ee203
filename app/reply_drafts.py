"""What is being written on a request: kept for whoever writes it, on any device, until it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, select, tuple_

from app.columns import read_columns
from app.extensions import db, insert_into
from app.models.message import Message
from app.models.reply_draft import ReplyDraft
from app.models.ticket import Ticket

KEPT_FOR = timedelta(days=30)
LONGEST_TEXT = 100_000
BATCH = 500
_KEY = "reply:"  # in front of a form's key, on the message that the form has made
_SAID = (
    select(Message.intake_key)
    .where(Message.ticket_id == Ticket.id, Message.staff_id == bindparam("staff"), Message.intake_key.like(f"{_KEY}%"))
    .order_by(Message.id.desc())
    .limit(1)
    .correlate(Ticket)
    .scalar_subquery()
)
_KNOWN = (
    select(ReplyDraft.kind, ReplyDraft.text, ReplyDraft.saved_at, _SAID.label("said"))
    .select_from(Ticket)
    .outerjoin(ReplyDraft, and_(ReplyDraft.ticket_id == Ticket.id, ReplyDraft.staff_id == bindparam("staff")))
    .where(Ticket.number == bindparam("number"))
)


@dataclass(frozen=True)
class Draft:
    """``said``: the key of the form that made this person's last message here; a device forgets its words by it."""

    kind: str = ""
    text: str = ""
    saved_at: datetime | None = None
    said: str = ""


def intake_key(form_key: str) -> str:
    """By which a message is known to be made by that form already."""
    return f"{_KEY}{form_key[:100]}"


def find(number: str, staff_id: int | None) -> Draft:
    """What this person was writing there; one query."""
    row = read_columns(_KNOWN, {"number": number, "staff": staff_id}).first()
    if row is None:
        return Draft()
    return Draft(row.kind or "", row.text or "", row.saved_at, (row.said or "").removeprefix(_KEY))


def keep(ticket_id: int, staff_id: int, kind: str, text: str, at: datetime) -> None:
    """The newest words count; none at all: nothing is kept."""
    if not text.strip():
        return forget(ticket_id, staff_id)
    values = {"kind": kind, "text": text[:LONGEST_TEXT], "saved_at": at}
    row = insert_into(ReplyDraft).values(ticket_id=ticket_id, staff_id=staff_id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["ticket_id", "staff_id"], set_=values))
    return None


def forget(ticket_id: int, staff_id: int | None) -> None:
    own = (ReplyDraft.ticket_id == ticket_id, ReplyDraft.staff_id == staff_id)
    db.session.execute(delete(ReplyDraft).where(*own), execution_options={"synchronize_session": False})


def tidy(at: datetime) -> int:
    """Forget up to BATCH drafts that nobody went on with, in the caller's transaction; returns how many."""
    old = select(ReplyDraft.ticket_id, ReplyDraft.staff_id).where(ReplyDraft.saved_at < at - KEPT_FOR)
    keys = [tuple(row) for row in db.session.execute(old.order_by(ReplyDraft.saved_at).limit(BATCH))]
    if keys:
        own = tuple_(ReplyDraft.ticket_id, ReplyDraft.staff_id).in_(keys)
        db.session.execute(delete(ReplyDraft).where(own), execution_options={"synchronize_session": False})
    return len(keys)
