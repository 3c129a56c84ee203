"""A letter as it would be, of a real request and in a wording that is still being tried: on a page, or by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.closing_moment import printed_moment
from app.errors import NotFound
from app.extensions import db
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import ActorKind, Channel, DeliveryChannel, EventKind, MessageKind, PromiseKind
from app.notify import letter, own_words, plain_text, wording
from app.notify.facts import Facts
from app.notify.own_words import Wording
from app.tickets import promising
from app.translate import _

_SAID = {"replied": MessageKind.REPLY, "asked": MessageKind.QUESTION, "solved": MessageKind.SOLUTION}


@dataclass(frozen=True)
class Sample(Facts):
    """The facts of a letter that goes to staff: it shows all, and its links are those of the desk."""

    @property
    def link(self) -> str:
        return self.desk_link

    @property
    def rating_link(self) -> str:
        return self.desk_link

    @property
    def addressed(self) -> str:
        return plain_text.address_by(self.ticket.applicant_name) if self.shows_own_words else ""


def newest_number() -> str:
    """The request that a sample shows unless another is asked for."""
    return db.session.scalar(select(Ticket.number).order_by(Ticket.id.desc()).limit(1)) or ""


def sample(notice: str, language: str, own: Wording | None, number: str, at: datetime) -> tuple[str, str, str]:
    """Subject, text, HTML; raises NotFound for a number that is no request's."""
    query = select(Ticket).options(joinedload(Ticket.engineer), joinedload(Ticket.company))
    ticket = db.session.scalar(query.where(Ticket.number == number), execution_options={"populate_existing": True})
    if ticket is None:
        raise NotFound(_("Заявки %(number)s нет. Проверьте номер.", number=number))
    with force_locale(language):
        facts = _facts(notice, ticket, at)
        words = wording.words(facts, _closing_at(notice, ticket, at)) | {"f": facts, "left_out": []}
        if own:
            words["own"] = own_words.filled(own, facts, words)
        subject, text, html = letter.render(notice, words)
    return f"{plain_text.line(subject, 200)} [#{ticket.number}]", text, html


def _facts(notice: str, ticket: Ticket, at: datetime) -> Sample:
    """Made by hand of rows that are never added to the session: nothing is owed, and no secret is made."""
    message = _message(notice, ticket, at)
    delivery = Delivery(
        ticket_id=ticket.id,
        notice=notice,
        channel=DeliveryChannel.EMAIL,
        recipient="",  # nobody's: no link of the applicant's own may be made for it
        is_for_customer=True,
        created_at=at,
    )
    author = ticket.engineer.name if ticket.engineer else (message.author if message else "")
    kind = EventKind(notice) if notice in set(EventKind) else EventKind.REMINDED
    event = Event(ticket_id=ticket.id, kind=kind, at=at, data={}, actor_kind=ActorKind.STAFF, actor_name=author)
    promise = promising.current(ticket, PromiseKind.SOLUTION)
    return Sample(delivery, event, ticket, promise, message, ticket.engineer, ticket.company, "", at)


def _message(notice: str, ticket: Ticket, at: datetime) -> Message | None:
    """What was last said of that kind, or words that show where such words will stand."""
    if notice not in _SAID:
        return None
    query = select(Message).where(Message.ticket_id == ticket.id, Message.kind == _SAID[notice])
    if found := db.session.scalars(query.order_by(Message.id.desc()).limit(1)).first():
        return found
    text = _("(Здесь будут слова инженера.)")
    return Message(ticket_id=ticket.id, kind=_SAID[notice], channel=Channel.WEB, author="", text=text, at=at)


def _closing_at(notice: str, ticket: Ticket, at: datetime) -> datetime | None:
    return (ticket.close_at or printed_moment(at)) if notice in {"solved", "closing"} else None
