"""A person erased: first the card, so that whoever writes from their address is somebody new; then all that was said.

A few requests a transaction. Killed in the middle, it is gone on with by whoever comes next; twice is once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app import complaints, failpoint, files, outbox, retention, tickets
from app.actor import SYSTEM, Actor
from app.config import settings
from app.errors import IllegalMove
from app.extensions import db
from app.models.chat import Chat
from app.models.complaint import ComplaintEntry
from app.models.delivery import Delivery
from app.models.letter import DISCARDED, Letter
from app.models.person import Person
from app.models.person_data import Erasure
from app.models.words import ActorKind, LetterState
from app.person_data import PERSON_DATA, exports, sent, theirs, traces, waiting, whose
from app.person_data.whose import Whose
from app.translate import _

LETTERS_AT_ONCE = 200


class StillOpen(IllegalMove):
    """Something of theirs waits for the desk; ``message`` names it."""


@dataclass
class _Gone:
    """What is in no row any more, to be taken off the disk after the commit."""

    files: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)  # Message-IDs
    copies: list[int] = field(default_factory=list)  # exports


def begin(person: Person | None, by: Actor, at: datetime, *, address: str = "", is_with_open: bool = False) -> Erasure:
    """Blank the card and note that the rest follows; begun or done already: that erasure. The caller commits.

    ``address``: whose card there is none of. Raises StillOpen, unless ``is_with_open``.
    """
    cards = _locked_cards(whose.of(person, address).ids)
    if person is not None and (standing := of_person(person.id)):
        return standing
    own = whose.of(person, address)  # now that nobody files anything of theirs
    if waiting.is_of_who_asks(own, by):
        raise IllegalMove(_("Сейчас это можно сделать только командой на сервере: flask person erase"))
    if not is_with_open and (unfinished_yet := waiting.what_waits(own, by)):
        raise StillOpen(unfinished_yet)
    erasure = Erasure(
        person_id=person.id if person else None,
        staff_id=by.staff_id,
        actor_name=by.name,
        is_with_open=is_with_open,
        whose=own.to_json(),
        total=sum(len(ids) for ids in theirs.batches(own, 1000)),
        asked_at=at,
    )
    db.session.add(erasure)
    for card in cards:
        _blank(card, at)
    db.session.flush()
    outbox.changed(outbox.QUEUE_TOPIC)
    outbox.ring(PERSON_DATA)
    return erasure


def _locked_cards(ids: Sequence[int]) -> Sequence[Person]:
    """To oneself, as the last writer left them: whoever files something of theirs holds the card until it is filed."""
    rows = select(Person).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()
    return db.session.scalars(rows, execution_options={"populate_existing": True}).all()


def of_person(person_id: int) -> Erasure | None:
    """The erasure of this person, ended or not; of somebody joined to another, theirs."""
    person = db.session.get(Person, person_id)
    if person is None or person.erased_at is None:
        return None
    kept_id = person.merged_into_id or person.id
    return db.session.scalars(select(Erasure).where(Erasure.person_id.in_((person.id, kept_id))).limit(1)).first()


def proceed(
    erasure_id: int, at: datetime, seconds: float = float("inf"), tell: Callable[[int, int], None] | None = None
) -> bool:
    """Go on for so long at most; True once it is done. Commits as it goes. ``tell`` hears how many requests."""
    until = time.monotonic() + seconds
    while True:
        gone = _Gone()
        with outbox.transaction():
            erasure = _locked(erasure_id)
            if erasure is None or erasure.ended_at is not None:
                return True
            _step(erasure, gone, at)
            is_done = erasure.ended_at is not None
            done, total = erasure.done, erasure.total
            failpoint.reach("person half erased")
        failpoint.reach("person files left")
        _off_the_disk(gone)
        if tell is not None:
            tell(done, total)
        db.session.expunge_all()
        if is_done:
            return True
        if time.monotonic() > until:
            with outbox.transaction():
                outbox.ring(PERSON_DATA)
            return False


def unfinished() -> list[int]:
    """Erasures to go on with, the oldest first."""
    ids = list(db.session.scalars(select(Erasure.id).where(Erasure.ended_at.is_(None)).order_by(Erasure.id).limit(50)))
    db.session.rollback()
    return ids


def _locked(erasure_id: int) -> Erasure | None:
    query = select(Erasure).where(Erasure.id == erasure_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).first()


def _step(erasure: Erasure, gone: _Gone, at: datetime) -> None:
    """One transaction's worth: requests first, then what stands elsewhere, then the last traces."""
    own, by = Whose.from_json(erasure.whose), _author(erasure)
    if ids := theirs.ticket_ids(own, erasure.position):
        _requests(ids, erasure, gone, by, at)
        return
    if said := list(db.session.scalars(theirs.said_elsewhere(own, LETTERS_AT_ONCE))):
        gone.files += tickets.erase_said(said, by, at)
        return
    if letters := list(db.session.scalars(theirs.letters(own).limit(LETTERS_AT_ONCE))):
        _letters(letters, at)
        return
    if notices := list(db.session.scalars(select(Delivery.id).where(theirs.notices(own)).limit(LETTERS_AT_ONCE))):
        gone.written += sent.blank_notices(notices)
        return
    _last_traces(erasure, own, gone, at)


def _requests(ids: list[int], erasure: Erasure, gone: _Gone, by: Actor, at: datetime) -> None:
    brought = {*erasure.whose.get("chats", []), *theirs.bringers(ids)}
    erasure.whose = {**erasure.whose, "chats": sorted(brought)}
    gone.files += tickets.erase(ids, by, at)
    letters = select(Letter.id).where(Letter.ticket_id.in_(ids), Letter.file_at.is_(None))
    _letters(list(db.session.scalars(letters)), at)
    _complaints(theirs.complaints_beside(ids), gone, at)
    gone.written += sent.of_requests(ids)
    erasure.position, erasure.done = ids[-1], erasure.done + len(ids)


def _letters(ids: list[int], at: datetime) -> None:
    undecided = Letter.state.in_((LetterState.QUARANTINED, LetterState.FAILED)), Letter.ticket_id.is_(None)
    for letter in db.session.scalars(select(Letter).where(Letter.id.in_(ids), *undecided)):
        letter.error = DISCARDED
    db.session.flush()
    retention.erase_letters(ids, at)


def _complaints(ids: Sequence[int], gone: _Gone, at: datetime) -> None:
    if not ids:
        return
    entries = select(ComplaintEntry.letter_id, ComplaintEntry.delivery_id)
    rows = db.session.execute(entries.where(ComplaintEntry.complaint_id.in_(ids))).all()
    _letters([row.letter_id for row in rows if row.letter_id], at)
    gone.written += sent.blank_notices([row.delivery_id for row in rows if row.delivery_id])
    gone.written += sent.of_complaints(ids)
    gone.files += tickets.free_of_rows(complaints.erase(ids))


def _last_traces(erasure: Erasure, own: Whose, gone: _Gone, at: datetime) -> None:
    _complaints([one.id for one in theirs.complaints(own) if one.opened_at <= erasure.asked_at], gone, at)
    for chat in theirs.chats(own):
        gone.files += sent.forget_chat(chat, own.until[0])
    for chat_id in filter(sent.is_nobodys, erasure.whose.get("chats", [])):
        gone.files += sent.forget_chat(db.session.get_one(Chat, chat_id), own.until[0])
    gone.copies += exports.forget_of(own.ids)
    traces.forget(own)
    traces.forget_words(own)
    erasure.whose = {}
    erasure.ended_at = at


def _blank(card: Person, at: datetime) -> None:
    card.name = card.position = card.notes = ""
    card.email = card.phone = card.company_id = None
    card.is_confirmed = card.is_phone_confirmed = card.is_contact = False
    card.links_from = card.erased_at = at
    card.archived_at = card.archived_at or at


def _author(erasure: Erasure) -> Actor:
    if erasure.staff_id is None:
        return SYSTEM
    return Actor(ActorKind.STAFF, erasure.actor_name, staff_id=erasure.staff_id)


def _off_the_disk(gone: _Gone) -> None:
    """Should the power fail before this, the store's own watch finds what is in no row within a day."""
    files.forget(gone.files)
    exports.off_the_disk(gone.copies)
    folder = settings().kept_mail_dir  # only where no mail server is set are there letters
    if folder.is_dir():
        for message_id in gone.written:
            (folder / f"{message_id.strip('<>')}.eml").unlink(missing_ok=True)
