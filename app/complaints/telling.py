"""Who is written to about a complaint: its customer by letter and chat, managers, and never the one it names."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from app import chats, pairing, presses, signing, standalone, wordings
from app.actor import Actor
from app.complaints.sight import managers
from app.config import settings
from app.extensions import db
from app.models.chat import BotMessage, Chat
from app.models.complaint import Complaint
from app.models.person import Person
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import ComplaintOrigin
from app.presses import Press
from app.translate import _

ACCEPTED, WRITTEN, OUTCOME, TO_STAFF, TO_HEAD = (
    "complaint_accepted",
    "complaint_written",
    "complaint_outcome",
    "complaint_staff",
    "complaint_head",
)
"""The letters of complaints, by their templates; they hang on no request, so that nobody reads of them there."""


def accepted(complaint: Complaint, at: datetime) -> None:
    """«Принято»: who looks at it and by when."""
    _owe(complaint, ACCEPTED, at)
    if complaint.chat_id is not None:
        return  # answered where it was said
    with force_locale(complaint.language):
        moment = short_moment(complaint.due_at, at)
        words = _("Ваше сообщение у руководителя HelpDesk. Ответ будет до: %(moment)s.", moment=moment)
    for chat in _chats(complaint):
        _tell(chat, complaint, words, at)


def written(complaint: Complaint, text: str, by: Actor, at: datetime) -> dict[str, int]:
    """A manager's words; returns the ids of what carries them, nothing where there is no way to write."""
    return _owe(complaint, WRITTEN, at, text=text, author=by.name) | _say(complaint, text, by, at)


def outcome(complaint: Complaint, text: str, by: Actor, at: datetime) -> dict[str, int]:
    return _owe(complaint, OUTCOME, at, text=text, author=by.name) | _say(complaint, text, by, at)


def tell_manager(complaint: Complaint, what: str, at: datetime) -> None:
    """Whoever looks into it; nobody does yet: nothing, the row before the managers tells them."""
    manager = db.session.get(Staff, complaint.manager_id) if complaint.manager_id else None
    if manager is not None and not manager.is_disabled:
        _owe_staff(complaint, what, manager.email, at)


def tell_managers(complaint: Complaint, what: str, at: datetime) -> None:
    """All managers but the one whom it names, and the head's address."""
    for address in [*(one.email for one in managers(complaint)), *_head(complaint)]:
        _owe_staff(complaint, what, address, at)


def tell_head_alone(complaint: Complaint, text: str, at: datetime) -> None:
    """The only manager is the one complained of: no page shows it to anybody, so the letter holds it whole."""
    if managers(complaint):
        return
    number = db.session.scalar(select(Ticket.number).where(Ticket.id == complaint.ticket_id))
    for address in _head(complaint):
        standalone.owe(
            TO_HEAD,
            address,
            at,
            language=settings().language,
            complaint=complaint.id,
            number=number or "",
            text=text,
            name=complaint.name,
            email=complaint.email,
            phone=complaint.phone,
            due=complaint.due_at.isoformat(),
        )


def short_moment(at: datetime, now: datetime) -> str:
    """«сегодня, 14:10» in the language that is forced."""
    return str(wordings.current().moment_short(at, settings().time_zone, now))


def _head(complaint: Complaint) -> list[str]:
    """The head's address, unless it is the named one's own."""
    named = db.session.get(Staff, complaint.about_id) if complaint.about_id else None
    return [] if named is not None and named.email == settings().head_email else [settings().head_email]


def _owe(complaint: Complaint, notice: str, at: datetime, **told: Any) -> dict[str, int]:
    if not complaint.email or (notice == ACCEPTED and not _is_known(complaint)):
        return {}  # an address that nobody proved gets no letter by itself: whoever typed it reads the page
    delivery = standalone.owe(
        notice,
        complaint.email,
        at,
        message_id=signing.complaint_message_id(complaint.id, secrets.token_hex(6)),
        language=complaint.language,
        complaint=complaint.id,
        number=db.session.scalar(select(Ticket.number).where(Ticket.id == complaint.ticket_id)) or "",
        due=complaint.due_at.isoformat(),
        **told,
    )
    db.session.flush()
    return {"delivery_id": delivery.id}


def _is_known(complaint: Complaint) -> bool:
    """They proved the address, or wrote from it about a request of theirs; to know its number proves nothing."""
    wrote = complaint.origin is ComplaintOrigin.LETTER and complaint.ticket_id is not None
    return complaint.is_confirmed or wrote


def _owe_staff(complaint: Complaint, what: str, address: str, at: datetime) -> None:
    language, due = settings().language, complaint.due_at.isoformat()
    standalone.owe(TO_STAFF, address, at, language=language, complaint=complaint.id, what=what, due=due)


def _say(complaint: Complaint, text: str, by: Actor, at: datetime) -> dict[str, int]:
    """In the customer's chats, with a button that leads back to the case and to no request."""
    with force_locale(complaint.language):
        words = _("Ответ руководителя HelpDesk (%(name)s):", name=by.name) + f"\n\n{text}"
    said = [_tell(chat, complaint, words, at) for chat in _chats(complaint)]
    db.session.flush()
    return {"bot_message_id": said[0].id} if said else {}


def _tell(chat: Chat, complaint: Complaint, words: str, at: datetime) -> BotMessage:
    with force_locale(complaint.language):
        button = presses.button(_("Ответить руководителю"), Press.HEAD, str(complaint.id))
    return chats.say(chat, words, at, buttons=[[button]])


def _chats(complaint: Complaint) -> list[Chat]:
    """Where they complained; else the chats that are paired with them."""
    if complaint.chat_id is not None:
        found = [db.session.get_one(Chat, complaint.chat_id)]
    else:
        person = db.session.get(Person, complaint.person_id) if complaint.person_id and complaint.is_confirmed else None
        found = list(pairing.chats_of_person(person)) if person else []
    return [chat for chat in found if chat.blocked_at is None]
