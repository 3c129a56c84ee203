"""The verb that begins everything: register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import numbers, outbox
from app.actor import Actor
from app.extensions import db
from app.models.company import Company
from app.models.person import Person
from app.models.ticket import Ticket
from app.models.words import Channel, EventKind, MessageKind, State, Urgency
from app.tickets import promising
from app.tickets.ball import first_ball
from app.tickets.contributions import Contribution, contribute

TITLE_LENGTH = 250
_TITLE_FROM_TEXT = 80
# Flags of a letter whose sender is likely forged, or a machine that answers itself: no automatic letter goes there.
SUSPECT = frozenset({"dmarc fail", "spam", "repeats"})


@dataclass(frozen=True)
class Registration:
    """What a new request carries, checked already."""

    said: Contribution
    channel: Channel
    name: str = ""
    email: str = ""
    phone: str = ""
    company_name: str = ""
    title: str = ""
    whose: str = ""
    where: str = ""
    links: str = ""
    urgency: Urgency = Urgency.NORMAL
    language: str = "ru"
    person: Person | None = None
    company: Company | None = None
    is_company_confirmed: bool = False
    missing: Sequence[str] = ()
    follows: Ticket | None = None
    intake_key: str | None = None
    number: str = ""  # taken before, and told


def register(new: Registration, by: Actor, at: datetime) -> Ticket:
    """A new request with its number, promises and first message; deadlines run from ``at``, when it reached us."""
    ticket = _ticket(new, at)
    db.session.add(ticket)
    db.session.flush()
    contribute(ticket, MessageKind.REQUEST, new.said, by, at)
    with db.session.no_autoflush:  # the terms are asked for while the span waits to be written
        first_ball(ticket, at)
        promising.begin(ticket, at)
    outbox.record(
        ticket,
        EventKind.REGISTERED,
        by,
        at,
        urgency=new.urgency.value,
        missing=list(new.missing),
        is_suspect=ticket.is_suspect,
    )
    db.session.flush()  # once for the span, both promises and the event
    return ticket


def _ticket(new: Registration, at: datetime) -> Ticket:
    return Ticket(
        number=new.number or numbers.take(),
        state=State.NEW,
        is_active=True,
        urgency=new.urgency,
        channel=new.channel,
        language=new.language,
        title=(new.title.strip() or title_of(new.said.text))[:TITLE_LENGTH],
        what=new.said.text.strip(),
        whose=new.whose.strip(),
        where=new.where.strip(),
        links=new.links.strip(),
        missing=list(new.missing),
        applicant_name=new.name,
        applicant_email=new.email,
        applicant_phone=new.phone,
        company_name=new.company.name if new.company else new.company_name,
        person_id=new.person.id if new.person else None,
        company_id=new.company.id if new.company else None,
        is_company_confirmed=new.is_company_confirmed,
        is_address_confirmed=bool(new.person and new.person.is_confirmed),
        is_suspect=not SUSPECT.isdisjoint(new.said.flags),
        follows_id=new.follows.id if new.follows else None,
        created_at=at,
        touched_at=at,
        alarms={},
        reopened_count=0,
        intake_key=new.intake_key,
    )


def title_of(text: str) -> str:
    """The first words of a text, cut at a word where there are several; a request without words has a title too."""
    line = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), "")
    if len(line) <= _TITLE_FROM_TEXT:
        return line or "(без темы)"
    start = line[:_TITLE_FROM_TEXT]
    return (start.rpartition(" ")[0].rstrip(" ,.;:—-") or start) + "…"
