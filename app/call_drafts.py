"""Calls that are being written down: kept for whoever writes them, on any device, each with its number taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app import numbers
from app.errors import NotFound
from app.extensions import db, insert_into
from app.models.call_draft import CallDraft
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import Channel

STANDS = timedelta(minutes=30)  # how long a deadline that was read aloud waits for its request
KEPT_FOR = timedelta(days=30)
MOST = 5
LONGEST_KEY, LONGEST_PHONE, LONGEST_FIELD = 100, 60, 100_000
BATCH = 500


def keep(staff_id: int, key: str, phone: str, fields: Mapping[str, str], at: datetime) -> CallDraft | None:
    """Write the draft, in the caller's transaction; the first time takes its number. None: registered meanwhile."""
    draft = find(staff_id, key)
    if draft is None:
        if db.session.scalar(select(_is_used(key[:LONGEST_KEY]))):
            return None
        draft = _begin(staff_id, key, at)
    draft.phone = phone[:LONGEST_PHONE]
    draft.fields = {name: value[:LONGEST_FIELD] for name, value in fields.items()}
    draft.stated_at = stated_at(draft, at)
    draft.saved_at = at
    return draft


def find(staff_id: int, key: str) -> CallDraft | None:
    """The draft of that form; NotFound where it is somebody else's."""
    draft = db.session.get(CallDraft, key[:LONGEST_KEY])
    if draft is not None and draft.staff_id != staff_id:
        raise NotFound("Это чужой черновик звонка.")
    return draft


def latest(staff_id: int, phone: str) -> CallDraft | None:
    """What this person was writing down for the caller with that number ("": for one not looked for yet)."""
    return db.session.scalars(_own(staff_id).where(CallDraft.phone == phone).limit(1)).first()


def others(staff_id: int, key: str) -> list[CallDraft]:
    """Further unfinished calls of this person, newest first."""
    return list(db.session.scalars(_own(staff_id).where(CallDraft.key != key).limit(MOST)))


def stated_at(draft: CallDraft | None, at: datetime) -> datetime:
    """From when the deadline counts: the moment that was read aloud, as long as it stands."""
    return draft.stated_at if draft and timedelta(0) <= at - draft.stated_at <= STANDS else at


def forget(staff_id: int, key: str) -> None:
    """The call became a request, or nothing; the caller commits. Its number is never given again."""
    db.session.execute(delete(CallDraft).where(CallDraft.key == key[:LONGEST_KEY], CallDraft.staff_id == staff_id))


def tidy(at: datetime) -> int:
    """Forget up to BATCH drafts that nobody went on with, in the caller's transaction; returns how many."""
    old = select(CallDraft.key).where(CallDraft.saved_at < at - KEPT_FOR).order_by(CallDraft.saved_at).limit(BATCH)
    keys = list(db.session.scalars(old.with_for_update(skip_locked=True)))
    if keys:
        db.session.execute(delete(CallDraft).where(CallDraft.key.in_(keys)))
    return len(keys)


def _begin(staff_id: int, key: str, at: datetime) -> CallDraft:
    values = {"key": key[:LONGEST_KEY], "staff_id": staff_id, "phone": "", "number": numbers.take(), "fields": {},
              "stated_at": at, "saved_at": at}  # fmt: skip
    # Insert-or-ignore: two savings of one form at once make one draft.
    db.session.execute(insert_into(CallDraft).values(values).on_conflict_do_nothing())
    draft = find(staff_id, key)
    assert draft is not None
    return draft


def _own(staff_id: int) -> Select[CallDraft]:
    """A saving that comes after its registration may leave a draft behind: it is none any more."""
    is_used = _is_used(CallDraft.key)
    return select(CallDraft).where(CallDraft.staff_id == staff_id, ~is_used).order_by(CallDraft.saved_at.desc())


def _is_used(key: InstrumentedAttribute[str] | str) -> ColumnElement[bool]:
    """Whether that form has become a request, or more on one."""
    request = exists().where(Ticket.channel == Channel.PHONE, Ticket.intake_key == key)
    return or_(request, exists().where(Message.channel == Channel.PHONE, Message.intake_key == key))
