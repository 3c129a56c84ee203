"""Who writes in a chat, as far as that is known: by proof where it is paired, else by their own word."""

from __future__ import annotations

from dataclasses import dataclass

from app import pairing
from app.actor import Actor
from app.extensions import db
from app.models.chat import Chat
from app.models.company import Company
from app.models.person import Person
from app.models.words import Channel
from app.translate import _

OWN_PHONE = "own_phone"  # in Chat.typed: the number that Telegram vouches for; all else there is somebody's word
ACQUAINTED = "acquainted"  # in Chat.typed: every question was asked


@dataclass(frozen=True)
class Writer:
    """``person`` is set only where the chat is paired with them; the rest may be empty."""

    name: str
    email: str = ""
    phone: str = ""
    company: str = ""
    person: Person | None = None

    @property
    def missing(self) -> list[str]:
        """Kinds of information still to ask for, as ``Ticket.missing`` names them."""
        known = {"company": self.company, "name": self.name, "email": self.email, "phone": self.phone}
        return [kind for kind, value in known.items() if not value]

    @property
    def actor(self) -> Actor:
        return Actor.of_person(self.person, self.name or self.email or _("Клиент"), Channel.TELEGRAM)


def of(chat: Chat) -> Writer:
    """The writer of a chat; nothing that we know of a person is told of one who only claims to be them."""
    if person := pairing.person_of(chat):
        company = db.session.get(Company, person.company_id) if person.company_id else None
        name, typed = person.name or chat.typed.get("name", ""), chat.typed.get("company", "")
        phone = person.phone or chat.typed.get(OWN_PHONE, "") or chat.typed.get("phone", "")
        return Writer(name, person.email or "", phone, company.name if company else typed, person)
    if staff := pairing.staff_of(chat):
        return Writer(staff.name, staff.email)
    said = chat.typed
    phone = said.get(OWN_PHONE, "") or said.get("phone", "")
    return Writer(said.get("name", ""), said.get("email", ""), phone, said.get("company", ""))


def is_acquainted(chat: Chat) -> bool:
    """Whether there is nothing left to ask about who writes."""
    return chat.person_id is not None or pairing.staff_of(chat) is not None or bool(chat.typed.get(ACQUAINTED))


def note(chat: Chat, **said: str) -> None:
    """Keep what was said about oneself; an empty value takes it away."""
    chat.typed = {name: value for name, value in {**chat.typed, **said}.items() if value}
