"""What stands in an export, as plain JSON under plain names: what the person may know, no note between colleagues."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.durations import iso
from app.extensions import db
from app.models.complaint import Complaint, ComplaintEntry, ComplaintFile
from app.models.event import Event
from app.models.message import Attachment, Message
from app.models.person import Person
from app.models.promise import Promise
from app.models.rating import Rating
from app.models.ticket import Ticket
from app.models.words import ComplaintEntryKind, EventKind, MessageKind

Json = dict[str, Any]
_HEARD = frozenset(
    {ComplaintEntryKind.SAID, ComplaintEntryKind.WRITTEN, ComplaintEntryKind.OUTCOME, ComplaintEntryKind.REOPENED}
)
# Steps that the customer's own page tells, too.
_STEPS = (
    EventKind.REGISTERED, EventKind.TAKEN, EventKind.URGENT, EventKind.MOVED, EventKind.SOLVED, EventKind.REOPENED,
    EventKind.CLOSED, EventKind.RATED, EventKind.MERGED, EventKind.UNMERGED, EventKind.ERASED,
)  # fmt: skip


def card(person: Person, company: str) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "position": person.position,
        "company": company,
        "language": person.language,
        "is_contact_of_company": person.is_contact,
        "is_address_confirmed": person.is_confirmed,
        "is_phone_confirmed": person.is_phone_confirmed,
        "known_since": iso(person.created_at),
    }


def ticket(one: Ticket, at: datetime, hidden: Collection[int]) -> Json:
    """A whole request. ``hidden``: complaints that this export leaves out, their ratings' words too."""
    return {
        "number": one.number,
        "state": one.public_state(at).value,
        "urgency": one.urgency.value,
        "came_by": one.channel.value,
        "language": one.language,
        "title": one.title,
        "what": one.what,
        "whose": one.whose,
        "where": one.where,
        "links": one.links,
        "applicant": {"name": one.applicant_name, "email": one.applicant_email, "phone": one.applicant_phone},
        "company": one.company_name,
        "created_at": iso(one.created_at),
        "solved_at": _moment(one.solved_at),
        "closed_at": _moment(one.closed_at),
        "reopened": one.reopened_count,
        "promises": [_promise(row) for row in _of(Promise, one.id)],
        "messages": [message(row) for row in _of(Message, one.id) if row.is_public(at)],
        "ratings": [_rating(row) for row in _of(Rating, one.id) if row.complaint_id not in hidden],
        "history": [
            {"at": iso(row.at), "kind": row.kind.value}
            for row in db.session.scalars(
                select(Event).where(Event.ticket_id == one.id, Event.kind.in_(_STEPS)).order_by(Event.id)
            )
        ],
    }


def message(one: Message) -> Json:
    """``file``: where in the archive the bytes lie."""
    files = db.session.scalars(select(Attachment).where(Attachment.message_id == one.id).order_by(Attachment.id))
    return {
        "at": iso(one.at),
        "kind": one.kind.value,
        "channel": one.channel.value,
        "author": one.author,
        "text": one.text,
        "quoted": one.quoted if one.kind in {MessageKind.REQUEST, MessageKind.ANSWER} else "",
        "files": [_file(file, attachment_path(file)) for file in files],
    }


def complaint(one: Complaint) -> Json:
    """What the person said and was answered; what managers said among themselves is theirs."""
    entries = db.session.scalars(
        select(ComplaintEntry).where(ComplaintEntry.complaint_id == one.id).order_by(ComplaintEntry.id)
    )
    files = db.session.scalars(
        select(ComplaintFile).where(ComplaintFile.complaint_id == one.id).order_by(ComplaintFile.id)
    )
    return {
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "phone": one.phone,
        "state": one.state.value,
        "opened_at": iso(one.opened_at),
        "answer_promised_by": iso(one.due_at),
        "answered_at": _moment(one.answered_at),
        "outcome": one.outcome,
        "said": [
            {"at": iso(row.at), "kind": row.kind.value, "author": row.author, "text": row.text}
            for row in entries
            if row.kind in _HEARD
        ],
        "files": [_file(file, complaint_path(file)) for file in files],
    }


def attachment_path(file: Attachment) -> str:
    return f"files/{file.id}-{file.name}"


def complaint_path(file: ComplaintFile) -> str:
    return f"files/complaint-{file.id}-{file.name}"


def _of(noun: Any, ticket_id: int) -> Iterable[Any]:
    return db.session.scalars(select(noun).where(noun.ticket_id == ticket_id).order_by(noun.id))


def _file(file: Attachment | ComplaintFile, path: str) -> Json:
    known: Json = {"name": file.name, "type": file.type, "size": file.size, "sha256": file.sha256}
    return {**known, "file": None if file.is_infected else path, "is_infected": file.is_infected}


def _promise(row: Promise) -> Json:
    known: Json = {"kind": row.kind.value, "due_at": iso(row.due_at), "stated_at": iso(row.stated_at)}
    return {**known, "why": row.why_public, "kept": row.kept, "superseded_at": _moment(row.superseded_at)}


def _rating(row: Rating) -> Json:
    return {"at": iso(row.at), "value": row.value, "comment": row.comment}


def _moment(at: datetime | None) -> str | None:
    return iso(at) if at else None
