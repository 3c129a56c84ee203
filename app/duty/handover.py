"""What one person on duty tells the next: it stands before them until they say that they read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app import outbox
from app.actor import Actor
from app.duty.changes import TOPIC
from app.errors import Forbidden, IntakeRejected
from app.extensions import db
from app.models.duty import DutyNote
from app.rows import find_row
from app.translate import _

LONGEST = 5000
KEPT_IN_VIEW = 10


def hand_over(text: str, by: Actor, at: datetime) -> DutyNote:
    """Leave a note for the next person on duty; the same words of the same person again are one note."""
    if by.staff_id is None:
        raise Forbidden(_("Смену передаёт человек."))
    said = text.strip()
    if not said:
        raise IntakeRejected({"text": _("Напишите, что передаёте: что не закончено, за чем следить.")})
    if len(said) > LONGEST:
        raise IntakeRejected({"text": _("Слишком длинно: здесь помещается %(most)s знаков.", most=LONGEST)})
    for note in unread():
        if (note.author_id, note.text) == (by.staff_id, said):
            return note
    note = DutyNote(author_id=by.staff_id, at=at, text=said)
    db.session.add(note)
    outbox.changed(TOPIC, outbox.QUEUE_TOPIC)
    return note


def read_note(note_id: int, by: Actor, at: datetime) -> None:
    """Somebody took the note over; read already: nothing happens."""
    note = find_row(DutyNote, note_id, with_for_update=True)
    if note is None or note.read_at is not None or by.staff_id is None:
        return
    note.read_at, note.read_by_id = at, by.staff_id
    outbox.changed(TOPIC, outbox.QUEUE_TOPIC)


def unread() -> Sequence[DutyNote]:
    """Notes that nobody took over yet, the oldest first."""
    query = select(DutyNote).where(DutyNote.read_at.is_(None)).order_by(DutyNote.at, DutyNote.id)
    return db.session.scalars(query.limit(KEPT_IN_VIEW)).all()


def recent() -> Sequence[DutyNote]:
    """The last notes, the newest first."""
    return db.session.scalars(
        select(DutyNote).order_by(DutyNote.at.desc(), DutyNote.id.desc()).limit(KEPT_IN_VIEW)
    ).all()
