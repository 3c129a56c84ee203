"""The verb that lets a stranger's letter in: until then only staff see it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from app.actor import Actor
from app.errors import IllegalMove
from app.extensions import db
from app.models.letter import Letter
from app.models.message import Message
from app.models.person import Person
from app.models.ticket import Ticket
from app.tickets.contributions import Contribution
from app.tickets.talk import note
from app.translate import _

STRANGER = "stranger"  # the flag of a message whose writer had our letter, but is nobody of the request
OUT_OF_SIGHT = datetime(9999, 1, 1, tzinfo=UTC)


def admit(ticket: Ticket, message: Message, by: Actor, at: datetime) -> None:
    """The message becomes visible, its writer a participant; admitted already: nothing happens."""
    if STRANGER not in message.flags:
        if message.letter_id is None:
            raise IllegalMove("Это сообщение видно всем и так.")
        return
    letter = db.session.get_one(Letter, message.letter_id)
    message.visible_at = at
    message.flags = [flag for flag in message.flags if flag != STRANGER]
    message.person_id = _person(letter, at).id
    writer = f"{letter.from_name} <{letter.from_email}>".strip()
    told = _("Письмо от %(writer)s принято: клиент его видит, автор теперь участник заявки.", writer=writer)
    note(ticket, Contribution(told), by, at)


def _person(letter: Letter, at: datetime) -> Person:
    person: Person | None = db.session.scalar(select(Person).where(Person.email == letter.from_email))
    if person is None:
        person = Person(email=letter.from_email, name=letter.from_name, created_at=at)
        db.session.add(person)
        db.session.flush()
    return person
