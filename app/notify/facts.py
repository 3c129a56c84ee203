"""Everything that one letter may tell, read in a few queries before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from app import signing
from app.config import settings
from app.extensions import db
from app.models.company import Company
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.letter import Letter
from app.models.message import Message
from app.models.promise import Promise
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import ActorKind, LetterKind, PromiseKind
from app.notify import plain_text

_MOST_REFERENCES = 10
_MOST_LINKS = 50
# Built once: to build a statement costs more than to run it, and each letter runs them all.
_DELIVERY = (
    select(Delivery, Event, Ticket)
    .join(Event, Event.id == Delivery.event_id)
    .join(Ticket, Ticket.id == Delivery.ticket_id)
    .options(joinedload(Ticket.engineer), joinedload(Ticket.company))
    .where(Delivery.id == bindparam("id"))
)
_PROMISE = (
    select(Promise)
    .where(
        Promise.ticket_id == bindparam("ticket"),
        Promise.kind == PromiseKind.SOLUTION,
        Promise.superseded_at.is_(None),
    )
    .order_by(Promise.id.desc())
    .limit(1)
)
_CUSTOMERS_LAST = (
    select(Letter.message_id)
    .join(Message, Message.letter_id == Letter.id)
    .where(Message.ticket_id == bindparam("ticket"), Message.staff_id.is_(None), Letter.kind == LetterKind.HUMAN)
    .order_by(Message.id.desc())
    .limit(1)
)
_THREAD = (
    select(Delivery.message_id)
    .where(
        Delivery.ticket_id == bindparam("ticket"),
        Delivery.recipient == bindparam("recipient"),
        Delivery.id < bindparam("id"),
    )
    .order_by(Delivery.id.desc())
    .limit(_MOST_REFERENCES)
)


@dataclass(frozen=True)
class Facts:
    """One delivery and what stands around it. ``answers_to``: the customer's last letter; ids with their brackets."""

    delivery: Delivery
    event: Event
    ticket: Ticket
    promise: Promise | None
    message: Message | None
    engineer: Staff | None
    company: Company | None
    follows: str  # the number of the request that this one follows
    at: datetime
    answers_to: str = ""
    thread: list[str] = field(default_factory=list)  # ids of earlier letters, oldest first
    links: list[tuple[str, str]] = field(default_factory=list)  # number and page of the customer's open requests
    digest: list[tuple[Ticket, Promise | None]] = field(default_factory=list)  # requests that this letter tells of
    main: Ticket | None = None  # the request that goes on, in the letter of one that was merged into it
    main_promise: Promise | None = None
    reader_id: int | None = None  # the member of staff in whose chat it is read

    @property
    def link(self) -> str:
        """The customer's own page."""
        return link_of(self.ticket)

    @property
    def rating_link(self) -> str:
        """Where the figures lead: to a page that rates, and does nothing else."""
        return f"{settings().public_url}/rating/{signing.rating_token(self.ticket.number, self.ticket.link_version)}"

    @property
    def desk_link(self) -> str:
        """The engineers' page."""
        return desk_link_of(self.ticket)

    @property
    def shows_own_words(self) -> bool:
        """Whether the customer's words may stand in this letter: only where the address is known to be theirs."""
        return self.ticket.is_address_confirmed or not self.delivery.is_for_customer

    @property
    def addressed(self) -> str:
        """By what name the letter speaks to its reader: the applicant's, in a letter to the applicant."""
        is_theirs = self.delivery.recipient == self.ticket.applicant_email.lower()
        return plain_text.address_by(self.ticket.applicant_name) if is_theirs and self.shows_own_words else ""

    @property
    def title(self) -> str:
        return plain_text.line(self.ticket.title, 120) if self.shows_own_words else ""

    @property
    def author(self) -> str:
        """Whose words they are: the member of staff by name; what a program wrote is its engineer's."""
        if self.event.actor_kind is ActorKind.STAFF:
            return plain_text.line(self.event.actor_name, 100)
        return self.engineer.name if self.engineer else ""

    @property
    def text(self) -> str:
        return plain_text.body(self.message.text).strip() if self.message else ""

    @property
    def took(self) -> timedelta | None:
        return self.ticket.solved_at - self.ticket.created_at if self.ticket.solved_at else None


def link_of(ticket: Ticket) -> str:
    """A customer's page of one request; its address comes from PUBLIC_URL, never from a web request."""
    return f"{settings().public_url}/r/{signing.link_token(ticket.number, ticket.link_version)}"


def desk_link_of(ticket: Ticket) -> str:
    """The engineers' page of a request."""
    return f"{settings().public_url}/tickets/{ticket.number}"


def gather(delivery_id: int, at: datetime, with_ids: Sequence[int] = ()) -> Facts:
    """Read the facts of one delivery; ``with_ids``: others that leave with it, as one digest."""
    found = db.session.execute(_DELIVERY, {"id": delivery_id}, execution_options={"populate_existing": True})
    delivery, event, ticket = found.one()
    follows = select(Ticket.number).where(Ticket.id == ticket.follows_id)
    main = db.session.get(Ticket, ticket.merged_into_id) if ticket.merged_into_id else None
    return Facts(
        delivery=delivery,
        event=event,
        ticket=ticket,
        promise=_promise(ticket.id),
        message=_message(event.message_id),
        engineer=ticket.engineer,
        company=ticket.company,
        follows=(db.session.scalar(follows) or "") if ticket.follows_id else "",
        at=at,
        answers_to=_customers_last(ticket.id) if delivery.is_for_customer else "",
        thread=_thread(delivery),
        links=_open_requests(delivery.recipient) if event.data.get("is_list") else [],
        digest=_told_together(delivery, with_ids) if with_ids else [],
        main=main,
        main_promise=_promise(main.id) if main else None,
    )


def _promise(ticket_id: int) -> Promise | None:
    return db.session.scalars(_PROMISE, {"ticket": ticket_id}).first()


def _message(message_id: int | None) -> Message | None:
    if message_id is None:
        return None
    query = select(Message).options(selectinload(Message.files)).where(Message.id == message_id)
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def _customers_last(ticket_id: int) -> str:
    """The Message-ID of the customer's last letter on this request, where it has a usable one."""
    return plain_text.bracketed(db.session.scalar(_CUSTOMERS_LAST, {"ticket": ticket_id}) or "")


def _open_requests(address: str) -> list[tuple[str, str]]:
    query = (
        select(Ticket).where(Ticket.applicant_email == address, Ticket.is_active).order_by(Ticket.id).limit(_MOST_LINKS)
    )
    return [(ticket.number, link_of(ticket)) for ticket in db.session.scalars(query)]


def _told_together(delivery: Delivery, with_ids: Sequence[int]) -> list[tuple[Ticket, Promise | None]]:
    """The requests of a digest; staff are told only of those that still nobody has."""
    ids = [delivery.id, *with_ids]
    query = select(Ticket).join(Delivery, Delivery.ticket_id == Ticket.id).where(Delivery.id.in_(ids))
    if not delivery.is_for_customer:
        query = query.where(Ticket.is_active, Ticket.engineer_id.is_(None))
    return [(ticket, _promise(ticket.id)) for ticket in db.session.scalars(query.order_by(Ticket.id))]


def _thread(delivery: Delivery) -> list[str]:
    """Our letters on this request to the same recipient before this one."""
    values = {"ticket": delivery.ticket_id, "recipient": delivery.recipient, "id": delivery.id}
    return [plain_text.bracketed(value) for value in db.session.scalars(_THREAD, values)][::-1]
