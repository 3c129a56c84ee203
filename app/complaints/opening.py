"""Opening a complaint, and the customer's further words; a second one about the same is said in the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app import escalations, outbox
from app.actor import Actor
from app.complaints import telling
from app.config import settings
from app.errors import IntakeRejected
from app.extensions import db
from app.files import StoredFile
from app.models.complaint import Complaint, ComplaintEntry, ComplaintFile
from app.models.escalation import Escalation
from app.models.ticket import Ticket
from app.models.words import Cause, ComplaintEntryKind, ComplaintOrigin, ComplaintState, EventKind
from app.terms import desk_calendar

LONGEST = 20_000
_LONGEST_TITLE = 200
_MOST_UNCONFIRMED = 10  # calls by nobody known that ring at once; further ones are cases all the same
_CAUSES = {ComplaintOrigin.CALL: Cause.HEAD_CALLED, ComplaintOrigin.RATING: Cause.LOW_RATING}


@dataclass(frozen=True)
class Who:
    """Who complains, and how they are answered. ``is_confirmed``: they proved it, or a manager knows them."""

    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "ru"
    person_id: int | None = None
    chat_id: int | None = None
    is_confirmed: bool = False


@dataclass(frozen=True)
class Said:
    """Words of the customer. ``key``: the same intake twice is once."""

    text: str
    files: Sequence[StoredFile] = ()
    letter_id: int | None = None
    key: str | None = None


def who_of(ticket: Ticket, *, chat_id: int | None = None) -> Who:
    """The applicant of a request, who came by its link, their paired chat or a letter of theirs."""
    return Who(
        ticket.applicant_name,
        ticket.applicant_email,
        ticket.applicant_phone,
        ticket.language,
        ticket.person_id,
        chat_id,
        is_confirmed=True,
    )


def open_case(
    origin: ComplaintOrigin, said: Said, who: Who, by: Actor, at: datetime, ticket: Ticket | None = None
) -> Complaint:
    """Open a case and put it before the manager; an open one about the same engineer and request hears it as well."""
    if not said.text.strip():
        raise IntakeRejected({"text": "Напишите, что не так: это прочитает руководитель."})
    if twin := _said_before(said):
        return twin
    standing = _standing(ticket) if ticket and who.is_confirmed else None  # nobody joins what they may not read
    if standing is not None:
        _hear(standing, said, by, at)
        _escalate(standing, _CAUSES.get(origin, Cause.COMPLAINT), said.text, by, at, ticket)
        telling.tell_manager(standing, "said", at)
        if standing.origin is ComplaintOrigin.RATING and origin is not ComplaintOrigin.RATING:
            standing.origin = origin  # words say more than a figure did
            telling.accepted(standing, at)
        return standing
    complaint = _make(origin, said, who, at, ticket)
    _hear(complaint, said, by, at)
    if ticket is not None:
        outbox.record(ticket, EventKind.COMPLAINED, by, at, is_confidential=True, about_id=complaint.about_id)
    _escalate(complaint, _CAUSES.get(origin, Cause.COMPLAINT), said.text, by, at, ticket)
    if origin not in {ComplaintOrigin.RATING, ComplaintOrigin.REOPENING}:
        telling.accepted(complaint, at)
    telling.tell_head_alone(complaint, said.text, at)
    return complaint


def say(complaint: Complaint, said: Said, by: Actor, at: datetime) -> None:
    """Further words of the customer; an answered or closed case is open again, with a new time for the answer."""
    if not said.text.strip() and not said.files:
        raise IntakeRejected({"text": "Напишите, что передать руководителю."})
    if _said_before(said):
        return
    _hear(complaint, said, by, at)
    if complaint.state is not ComplaintState.OPEN:
        complaint.state, complaint.due_at = ComplaintState.OPEN, due(at)
        complaint.answered_at = complaint.closed_at = complaint.reminded_at = None
        enter(complaint, ComplaintEntryKind.REOPENED, by, at)
    ticket = db.session.get(Ticket, complaint.ticket_id) if complaint.ticket_id else None
    _escalate(complaint, Cause.COMPLAINT, said.text, by, at, ticket)
    telling.tell_manager(complaint, "said", at)


def due(at: datetime) -> datetime:
    """By when a complaint that came now is answered: a span of working time in the desk's own calendar."""
    return desk_calendar().due(at, settings().complaint_answer_within)


def enter(
    complaint: Complaint, kind: ComplaintEntryKind, by: Actor, at: datetime, text: str = "", **known: object
) -> ComplaintEntry:
    """Add one row to the case."""
    entry = ComplaintEntry(
        complaint_id=complaint.id,
        kind=kind,
        at=at,
        author=by.name[:200],
        staff_id=by.staff_id,
        channel=by.channel,
        text=text.strip()[:LONGEST],
        **known,
    )
    db.session.add(entry)
    outbox.changed(outbox.kept_from(complaint.about_id, outbox.COMPLAINTS_TOPIC))
    return entry


def _said_before(said: Said) -> Complaint | None:
    if said.key is None:
        return None
    query = select(Complaint).join(ComplaintEntry, ComplaintEntry.complaint_id == Complaint.id)
    return db.session.scalars(query.where(ComplaintEntry.intake_key == said.key)).first()


def _standing(ticket: Ticket) -> Complaint | None:
    query = select(Complaint).where(
        Complaint.ticket_id == ticket.id,
        Complaint.state == ComplaintState.OPEN,
        Complaint.about_id.is_not_distinct_from(ticket.engineer_id),
    )
    return db.session.scalars(query.order_by(Complaint.id.desc()).limit(1).with_for_update()).first()


def _make(origin: ComplaintOrigin, said: Said, who: Who, at: datetime, ticket: Ticket | None) -> Complaint:
    complaint = Complaint(
        ticket_id=ticket.id if ticket else None,
        about_id=ticket.engineer_id if ticket else None,
        origin=origin,
        title=" ".join(said.text.split())[:_LONGEST_TITLE],
        name=who.name[:200],
        email=who.email.strip().lower(),
        phone=who.phone[:40],
        language=who.language,
        person_id=who.person_id,
        chat_id=who.chat_id,
        is_confirmed=who.is_confirmed,
        opened_at=at,
        due_at=due(at),
    )
    db.session.add(complaint)
    db.session.flush()
    return complaint


def _hear(complaint: Complaint, said: Said, by: Actor, at: datetime) -> None:
    entry = enter(complaint, ComplaintEntryKind.SAID, by, at, said.text, letter_id=said.letter_id, intake_key=said.key)
    if not said.files:
        return
    db.session.flush()
    for file in said.files:
        db.session.add(
            ComplaintFile(
                complaint_id=complaint.id,
                entry_id=entry.id,
                name=file.name,
                type=file.type,
                size=file.size,
                sha256=file.sha256,
                storage_id=file.storage_id,
                is_infected=file.is_infected,
            )
        )


def _escalate(complaint: Complaint, cause: Cause, text: str, by: Actor, at: datetime, ticket: Ticket | None) -> None:
    """Before the manager; who acknowledges that row is who saw the complaint."""
    if ticket is not None:
        escalations.escalate(ticket, cause, by, at, text.strip()[:5000], case=complaint)
    elif cause is Cause.HEAD_CALLED and not complaint.is_confirmed and (full := _full(complaint)):
        complaint.escalation_id = full
        return
    else:
        who = ", ".join(part for part in (complaint.name, complaint.phone, complaint.email) if part)
        words = f"{text.strip()[:5000]}\n{who}" if who else text.strip()[:5000]
        escalations.report(cause, f"complaint:{complaint.id}", words, at)
    where = [Escalation.cause == cause, Escalation.resolved_at.is_(None)]
    if ticket:
        where += [Escalation.ticket_id == ticket.id, Escalation.about_id.is_not_distinct_from(complaint.about_id)]
    else:
        where.append(Escalation.subject == f"complaint:{complaint.id}")
    found = db.session.scalars(select(Escalation.id).where(*where)).first()
    standing = db.session.get(Escalation, complaint.escalation_id) if complaint.escalation_id else None
    if cause is Cause.HEAD_CALLED or standing is None or standing.resolved_at is not None:
        complaint.escalation_id = found


def _full(complaint: Complaint) -> int | None:
    """The newest of the calls by nobody known, where so many ring already that one more would tell nothing."""
    ringing = (
        Escalation.cause == Cause.HEAD_CALLED,
        Escalation.resolved_at.is_(None),
        Escalation.ticket_id.is_(None),
        Complaint.is_confirmed.is_(False),
        Complaint.id != complaint.id,
    )
    query = select(func.count(Escalation.id.distinct()), func.max(Escalation.id))
    count, newest = db.session.execute(
        query.join(Complaint, Complaint.escalation_id == Escalation.id).where(*ringing)
    ).one()
    return newest if count >= _MOST_UNCONFIRMED else None
