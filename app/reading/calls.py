"""Who calls: the person behind a phone number, their company with its terms, and what is open already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from app import call_drafts, phones, promises
from app.extensions import db
from app.intake.identify import company_of
from app.intake.mime.text import clean_line
from app.models.company import Company
from app.models.person import Person
from app.models.ticket import ACTIVE, Ticket
from app.models.words import Notify, Urgency
from app.notify.recipients import addresses
from app.promises import Statement
from app.reading.queue_rows import STATE_ICONS
from app.reading.reader import Reader
from app.reading.ticket_panel import Agreement, agreement_of
from app.reading.whys import whys
from app.terms import terms_for
from app.tickets.register import title_of

MOST_OPEN, MOST_RECENT = 8, 3


@dataclass(frozen=True)
class Past:
    number: str
    title: str
    icon: str
    day: str


@dataclass(frozen=True)
class Caller:
    """``phone`` as it was given or known; the rest is empty where nobody is known by it."""

    phone: str
    person: Person | None = None
    company: Company | None = None
    agreement: Agreement | None = None
    open: list[Ticket] = field(default_factory=list)
    recent: list[Past] = field(default_factory=list)
    due: dict[str, datetime] = field(default_factory=dict)  # urgency to the deadline of a request made now
    due_why: dict[str, str] = field(default_factory=dict)
    whys: dict[int, str] = field(default_factory=dict)  # id of an open request to the sentence of its deadline
    send_to: str = ""  # where letters of this request go instead of the person's own address

    @property
    def letters_to(self) -> list[str]:
        """Where number and deadline will be sent."""
        own = self.send_to or (self.person.email or "" if self.person else "")
        office = self.company.notice_email if self.company else ""
        notify = self.company.notify if self.company else Notify.APPLICANT
        return [address for address in addresses(own, office, notify) if address]

    @property
    def is_office_alone(self) -> bool:
        """Whether the contract sends all letters to the company's own address."""
        return bool(self.company and self.company.notice_email and self.company.notify is Notify.COMPANY)


@dataclass(frozen=True)
class Unfinished:
    """A call that was begun and is neither registered nor given up."""

    key: str
    title: str
    phone: str
    time: str


def caller(
    phone: str,
    reader: Reader,
    *,
    is_other: bool = False,
    stated_at: datetime | None = None,
    typed: Mapping[str, str] | None = None,
) -> Caller:
    """Find who calls by the number in any spelling; ``is_other``: it is not who we know by it.

    ``stated_at``: from when the deadline counts, by default now. ``typed``: e-mail and company of one we do not know.
    """
    number = number_of(phone)
    person = person_by(number) if number and not is_other else None
    company = db.session.get(Company, person.company_id) if person and person.company_id else None
    at, named = stated_at or reader.at, typed or {}
    counted = company or (None if person else company_of(named.get("email", "").lower(), named.get("company", "")))
    terms = terms_for(counted, at)
    stated = {urgency.value: promises.on_registration(terms, urgency, at)[1] for urgency in Urgency}
    opened = _open(number, person, company)
    return Caller(
        phone=number,
        person=person,
        company=company,
        agreement=agreement_of(company.id if company else None, reader),
        open=opened,
        recent=_recent(person, reader) if person else [],
        due={urgency: statement.due_at for urgency, statement in stated.items()},
        due_why={urgency: _why(statement, reader) for urgency, statement in stated.items()},
        whys=whys([ticket.id for ticket in opened], reader),
        send_to=named.get("send_to", "").strip() if person else "",
    )


def number_of(phone: str) -> str:
    """As we keep it; what is no number, as one clean line."""
    return phones.e164(phone) or clean_line(phone)


def _why(statement: Statement, reader: Reader) -> str:
    return statement.why if reader.is_russian else promises.why_en(statement.basis)


def unfinished(staff_id: int, key: str, reader: Reader) -> list[Unfinished]:
    """What this person was writing down besides the form with that key."""
    return [
        Unfinished(
            draft.key,
            title_of(draft.fields.get("what", "")),
            draft.phone or draft.fields.get("phone", ""),
            reader.time_or_day(draft.saved_at),
        )
        for draft in call_drafts.others(staff_id, key)
    ]


def person_by(number: str) -> Person | None:
    """Of several with one number (an office phone), whoever turned to us last."""
    people = db.session.scalars(
        select(Person).where(Person.phone == number, Person.archived_at.is_(None)).limit(20)
    ).all()
    if len(people) < 2:
        return people[0] if people else None
    ids = [person.id for person in people]
    last = select(Ticket.person_id).where(Ticket.person_id.in_(ids)).order_by(Ticket.id.desc()).limit(1)
    last_id = db.session.scalar(last)
    return next((person for person in people if person.id == last_id), people[0])


def _open(number: str, person: Person | None, company: Company | None) -> list[Ticket]:
    """Open requests of the company, else of the person or the number."""
    own: list[ColumnElement[bool]] = []
    if company:
        own = [Ticket.company_id == company.id]
    elif person:
        own = [Ticket.person_id == person.id]
    elif number:
        own = [Ticket.applicant_phone == number]
    if not own:
        return []
    query = select(Ticket).options(joinedload(Ticket.engineer)).where(ACTIVE, or_(*own))
    return list(db.session.scalars(query.order_by(Ticket.due_at, Ticket.id).limit(MOST_OPEN)))


def _recent(person: Person, reader: Reader) -> list[Past]:
    query = select(Ticket).where(Ticket.person_id == person.id, Ticket.is_active.is_(False))
    return [
        Past(ticket.number, ticket.title, STATE_ICONS[ticket.state.value], reader.short_moment(ticket.created_at))
        for ticket in db.session.scalars(query.order_by(Ticket.id.desc()).limit(MOST_RECENT))
    ]
