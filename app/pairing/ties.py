"""Tying chats to people and staff, and untying them; nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, select

from app import clock, standalone
from app.config import settings
from app.extensions import db
from app.models.chat import Chat, ChatTicket
from app.models.person import Person
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.pairing.codes import forget_code

NOTICE, STAFF_NOTICE = "paired", "paired_staff"
_Row = TypeVar("_Row", Person, Staff)
_PROVES_ADDRESS = frozenset({"code", "link"})  # they came by a letter to it


def owner_of(phone: str) -> Person | None:
    """Whose number this is for certain (E.164): one person, and somebody better than a form vouched for it."""
    own = (Person.phone == phone, Person.is_phone_confirmed.is_(True), Person.merged_into_id.is_(None))
    people = db.session.scalars(select(Person).where(*own).limit(2)).all()
    return people[0] if len(people) == 1 else None


def pair_person(chat: Chat, person: Person, how: str, at: datetime) -> None:
    """From now on the chat shows this person's requests, and no other's. ``how``: contact, code or link.

    A letter tells the person, with a way to undo it; all links to the bot that were made for them are spent.
    """
    _spend_links(person, at)
    person.is_confirmed = person.is_confirmed or how in _PROVES_ADDRESS
    if chat.person_id == person.id:
        return
    _untie(chat)
    chat.person, chat.person_id, chat.paired_at, chat.paired_by = person, person.id, at, how
    if person.email:
        standalone.owe(
            NOTICE, person.email, at, chat=chat.id, person=person.id, paired_at=at.isoformat(), language=person.language
        )


def pair_staff(chat: Chat, staff: Staff, at: datetime) -> None:
    """From now on the chat hears what concerns this member of staff, and acts in their name. A letter tells them."""
    _spend_links(staff, at)
    if chat.staff_id == staff.id:
        return
    _untie(chat)
    chat.staff, chat.staff_id, chat.paired_at, chat.paired_by = staff, staff.id, at, "link"
    standalone.owe(STAFF_NOTICE, staff.email, at, paired_at=at.isoformat(), language=settings().language)


def unpair(chat: Chat, at: datetime) -> None:
    """The chat is nobody's again and sees nothing of theirs, not even what it brought. Their links are void.

    A chat that was never paired keeps the requests that it brought: it is the only way to their applicant.
    """
    if owner := person_of(chat) or _loaded(Staff, chat.staff_id):
        _spend_links(owner, at)
    _untie(chat)


def unpair_person(person: Person, at: datetime) -> int:
    """Untie all chats of a person; returns how many it was."""
    _spend_links(person, at)
    chats = chats_of_person(person)
    for chat in chats:
        _untie(chat)
    return len(chats)


def lose_proof(person: Person, *hows: str) -> None:
    """Their number or address was corrected: chats paired by the old one (contact; code, link) are nobody's."""
    for chat in chats_of_person(person):
        if chat.paired_by in hows:
            _untie(chat)


def unfollow(ticket: Ticket) -> int:
    """No chat hears of this request for having brought it, or for the link on its page; returns how many did."""
    ties = db.session.scalars(select(ChatTicket).where(ChatTicket.ticket_id == ticket.id)).all()
    for tie in ties:
        db.session.delete(tie)
    return len(ties)


def unpair_staff(staff: Staff, at: datetime) -> int:
    """Untie all chats of a member of staff (disabled, or by their own wish); returns how many it was."""
    _spend_links(staff, at)
    chats = chats_of_staff(staff)
    for chat in chats:
        _untie(chat)
    return len(chats)


def person_of(chat: Chat) -> Person | None:
    """With whom the chat is paired; with nobody from the moment that their card is erased."""
    person = _loaded(Person, chat.person_id)
    return person if person and person.erased_at is None else None


def staff_of(chat: Chat) -> Staff | None:
    """Whose of the staff the chat is, while they work here: to be asked before each act and each notice."""
    staff = _loaded(Staff, chat.staff_id)
    return staff if staff and not staff.is_disabled else None


def chats_of_person(person: Person) -> Sequence[Chat]:
    return db.session.scalars(select(Chat).where(Chat.person_id == person.id).order_by(Chat.paired_at)).all()


def chats_of_staff(staff: Staff) -> Sequence[Chat]:
    return db.session.scalars(select(Chat).where(Chat.staff_id == staff.id).order_by(Chat.paired_at)).all()


def confirm_phone(person: Person, phone: str) -> None:
    """Telegram vouches that the number is theirs (a paired chat handed over its own), or a member of staff does.

    Another number that was vouched for before stays; one that somebody typed gives way.
    """
    if person.phone != phone and person.is_phone_confirmed:
        return
    person.phone, person.is_phone_confirmed = phone, True


def _spend_links(owner: Person | Staff, at: datetime) -> None:
    """Links made until now are void; ``at`` may be the second in which a message was sent, before a link was shown."""
    owner.links_from = max(at, clock.now(), owner.links_from or at)


def _untie(chat: Chat) -> None:
    if chat.person_id is not None:
        theirs = select(Ticket.id).where(Ticket.person_id == chat.person_id)
        db.session.execute(
            delete(ChatTicket).where(ChatTicket.chat_id == chat.id, ChatTicket.ticket_id.in_(theirs)),
            execution_options={"synchronize_session": "fetch"},
        )
    chat.person = chat.person_id = chat.staff = chat.staff_id = chat.paired_at = None
    chat.paired_by, chat.wishes = "", {}
    forget_code(chat)


def _loaded(kind: type[_Row], row_id: int | None) -> _Row | None:
    return db.session.get(kind, row_id) if row_id is not None else None
