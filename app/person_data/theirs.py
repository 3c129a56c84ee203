"""Where a person's rows are: every look goes by an index, a bounded number at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.extensions import db
from app.models.chat import Chat, ChatTicket
from app.models.complaint import Complaint
from app.models.delivery import Delivery
from app.models.letter import Letter
from app.models.message import Message
from app.models.ticket import Ticket
from app.person_data.whose import Whose
from app.tickets import is_said

AT_ONCE = 50


def ticket_ids(whose: Whose, after: int = 0, most: int = AT_ONCE) -> list[int]:
    """Their requests, oldest first: those of their card, and those that nobody's card has, from their addresses."""
    key = Ticket.id + 0  # no walk along the primary key, which might lead through the whole table
    bounds = (key > after, key <= whose.until[0])
    own = select(key).where(Ticket.person_id.in_(whose.ids), *bounds)
    nobodys = select(key).where(Ticket.applicant_email.in_(whose.emails), Ticket.person_id.is_(None), *bounds)
    found: set[int] = set()
    for query in (own, nobodys):
        found.update(db.session.scalars(query.order_by(key).limit(most)))
    return sorted(found)[:most]


def batches(whose: Whose, most: int = AT_ONCE) -> Iterator[list[int]]:
    """All of them, so many at a time."""
    after = 0
    while ids := ticket_ids(whose, after, most):
        yield ids
        after = ids[-1]


def said_elsewhere(whose: Whose, most: int) -> Select[int]:
    """Their words in requests of other people; words that are gone are not found."""
    not_theirs = or_(Ticket.person_id.is_(None), Ticket.person_id.not_in(whose.ids))
    mine = and_(Ticket.person_id.is_(None), Ticket.applicant_email.in_(whose.emails))
    query = select(Message.id).join(Ticket, Ticket.id == Message.ticket_id)
    own = (Message.person_id.in_(whose.ids), is_said(), Ticket.id <= whose.until[0])
    return query.where(*own, not_theirs, ~mine).limit(most)


def letters(whose: Whose) -> Select[Any]:
    """Letters that came from their addresses and were filed; not those of a request that began later."""
    is_old = or_(Letter.ticket_id.is_(None), Letter.ticket_id <= whose.until[0])
    own = (Letter.from_email.in_(whose.emails), Letter.id <= whose.until[1], Letter.file_at.is_(None))
    return select(Letter.id).where(*own, is_old)


def notices(whose: Whose) -> ColumnElement[bool]:
    """Letters of the desk to their addresses, codes and links too; not what one of the staff gets as such."""
    is_theirs = or_(Delivery.is_for_customer.is_(True), Delivery.event_id.is_(None))
    return and_(Delivery.recipient.in_(whose.emails), Delivery.id <= whose.until[2], is_theirs)


def chats(whose: Whose) -> list[Chat]:
    return list(db.session.scalars(select(Chat).where(Chat.person_id.in_(whose.ids)).order_by(Chat.id)))


def bringers(ids: list[int]) -> list[int]:
    """Chats that brought these requests and are paired with nobody."""
    query = select(Chat.id).join(ChatTicket, ChatTicket.chat_id == Chat.id)
    nobodys = (Chat.person_id.is_(None), Chat.staff_id.is_(None))
    return list(db.session.scalars(query.where(ChatTicket.ticket_id.in_(ids), *nobodys).distinct()))


def complaints(whose: Whose) -> list[Complaint]:
    """Their complaints, about whatever; few there are."""
    found: dict[int, Complaint] = {}
    chat_ids = [chat.id for chat in chats(whose)]
    for which in (
        Complaint.person_id.in_(whose.ids),
        and_(Complaint.email.in_(whose.emails), Complaint.person_id.is_(None)),
        Complaint.chat_id.in_(chat_ids),
    ):
        found |= {one.id: one for one in db.session.scalars(select(Complaint).where(which))}
    return [found[key] for key in sorted(found)]


def every_complaint(whose: Whose) -> list[Complaint]:
    """Theirs, and those beside their requests, whoever complained."""
    found = {one.id: one for one in complaints(whose)}
    for ids in batches(whose, 500):
        beside = select(Complaint).where(Complaint.ticket_id.in_(ids))
        found |= {one.id: one for one in db.session.scalars(beside)}
    return [found[key] for key in sorted(found)]


def complaints_beside(ids: list[int]) -> list[int]:
    """Complaints beside these requests."""
    return list(db.session.scalars(select(Complaint.id).where(Complaint.ticket_id.in_(ids))))
