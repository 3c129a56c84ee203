"""Which request a letter belongs to: secret address, signed Message-ID, known Message-ID, tag in the subject."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum, auto

from sqlalchemy import exists, func, or_, select

from app import clock, numbers, signing
from app.extensions import db
from app.intake.mime.letter import ParsedLetter
from app.models.company import Company, CompanyDomain
from app.models.delivery import Delivery
from app.models.letter import Letter
from app.models.message import Message
from app.models.person import Person
from app.models.ticket import Ticket
from app.models.words import MessageKind
from app.tickets.family import going_on, joined_ids

_TAG = re.compile(
    r"(?:[#№]|\b(?:заявк\w{0,3}|request|ticket)\b[\s\xa0:]{0,3}[#№]?)[\s\xa0]{0,3}"
    r"(\d{3}(?:[\s\xa0-]?\d{3,9}))(?![\d.,]*\d)",
    re.IGNORECASE,
)
_OTHER_PAPER = re.compile(
    r"(?:сч[её]т\w*|договор\w*|накладн\w*|акт\w*|плат[её]ж\w*|поручени\w*|упд|invoice|contract|order|bill)"
    r"[\s\xa0:,-]{0,3}$",
    re.IGNORECASE,
)


class Road(StrEnum):
    """By what a letter found its request."""

    REPLY_ADDRESS = auto()
    SIGNED_ID = auto()
    KNOWN_ID = auto()
    TAG = auto()
    NONE = auto()


@dataclass(frozen=True)
class Thread:
    """The request, how it was found, and a request that the letter names without a right to it."""

    ticket: Ticket | None = None
    road: Road = Road.NONE
    possibly: Ticket | None = None
    is_stranger: bool = False
    signals: list[str] = field(default_factory=list)

    @property
    def is_proven(self) -> bool:
        """A token of ours came back: the writer had our letter."""
        return self.road in {Road.REPLY_ADDRESS, Road.SIGNED_ID}


def find(letter: ParsedLetter, recipients: Iterable[str], dmarc: str = "") -> Thread:
    """The thread of a letter; ``recipients``: the envelope's. A bad signature is a signal, never an error."""
    signals: list[str] = []
    for road, number in _tokens(letter, recipients, signals):
        ticket = _by_number(number)
        if ticket:
            return Thread(ticket, road, is_stranger=not is_participant(letter.from_email, ticket), signals=signals)
        signals.append("unknown-number")
    for road, ticket in ((Road.KNOWN_ID, _by_known_id(letter)), (Road.TAG, _by_tag(letter.subject))):
        if ticket is None:
            continue
        if dmarc == "fail":
            return Thread(possibly=ticket, signals=[*signals, "dmarc-fail"])
        if not is_participant(letter.from_email, ticket):
            return Thread(possibly=ticket, is_stranger=True, signals=[*signals, f"stranger-{road}"])
        return Thread(ticket, road, signals=signals)
    return Thread(signals=signals)


def is_participant(address: str, ticket: Ticket) -> bool:
    """Applicant, contract address, someone who wrote on it before, or a member of the same client company."""
    address = address.lower()
    if not address:
        return False
    if address == ticket.applicant_email.lower():
        return True
    # A stranger's words wait out of sight until an engineer lets them in; until then they make nobody a participant.
    wrote = exists().where(
        Message.ticket_id == ticket.id,
        Message.person_id == Person.id,
        Message.kind.in_((MessageKind.REQUEST, MessageKind.ANSWER)),
        Message.visible_at <= clock.now(),
        Person.email == address,
    )
    joined = exists().where(Ticket.id.in_(list(joined_ids([ticket.id]))), func.lower(Ticket.applicant_email) == address)
    if db.session.scalar(select(or_(wrote, joined))):
        return True
    if ticket.company_id is None or not ticket.is_company_confirmed:
        return False
    return bool(
        db.session.scalar(
            select(
                or_(
                    exists().where(Company.id == ticket.company_id, Company.notice_email == address),
                    exists().where(Person.company_id == ticket.company_id, Person.email == address),
                    exists().where(
                        CompanyDomain.company_id == ticket.company_id,
                        CompanyDomain.domain == address.rpartition("@")[2],
                    ),
                )
            )
        )
    )


def tagged_number(subject: str) -> str | None:
    """The number in a subject's tag, if its check digit is right; bare numbers and numbers of invoices never match."""
    for found in _TAG.finditer(subject):
        number = numbers.normalise(found.group(1))
        if numbers.is_valid(number) and not _OTHER_PAPER.search(subject, 0, found.start()):
            return number
    return None


def _tokens(letter: ParsedLetter, recipients: Iterable[str], signals: list[str]) -> Iterable[tuple[Road, str]]:
    addressed = [*recipients, *letter.delivered_to, *(box.email for box in (*letter.to, *letter.cc))]
    for address in dict.fromkeys(addressed):
        if number := signing.read_reply_address(address):
            yield Road.REPLY_ADDRESS, number
        elif signing.looks_like_ours(address):
            signals.append("bad-reply-address")
    for message_id in _referenced(letter):
        if number := signing.read_message_id(message_id):
            yield Road.SIGNED_ID, number
        elif signing.looks_like_ours(message_id):
            signals.append("bad-message-id")


def _referenced(letter: ParsedLetter) -> list[str]:
    """In-Reply-To, then References right to left."""
    return list(dict.fromkeys([*letter.in_reply_to, *reversed(letter.references)]))


def _by_number(number: str) -> Ticket | None:
    return _answerable(db.session.scalar(select(Ticket).where(Ticket.number == number)))


def _by_known_id(letter: ParsedLetter) -> Ticket | None:
    for message_id in _referenced(letter)[:20]:
        ticket_id = db.session.scalar(
            select(Letter.ticket_id).where(Letter.message_id == message_id, Letter.ticket_id.is_not(None)).limit(1)
        ) or db.session.scalar(
            select(Delivery.ticket_id).where(Delivery.message_id.in_((message_id, f"<{message_id}>"))).limit(1)
        )
        if ticket_id:
            return _answerable(db.session.get(Ticket, ticket_id))
    return None


def _by_tag(subject: str) -> Ticket | None:
    number = tagged_number(subject)
    return _by_number(number) if number else None


def _answerable(ticket: Ticket | None) -> Ticket | None:
    """The request that goes on for it; none where its data are erased: a later word is somebody new's."""
    main = going_on(ticket) if ticket else None
    return main if main and main.erased_at is None else None
