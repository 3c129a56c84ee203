"""Acts on the applicant of a request: who it is, vouching for their number, disconnecting their chats."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import bouncing, pairing, phones, tickets
from app.clock import now
from app.errors import IntakeRejected, NotFound
from app.extensions import db
from app.intake.identify import identify
from app.models.letter import Letter
from app.models.message import Message
from app.models.person import Person
from app.models.ticket import Ticket
from app.tickets import Contribution
from app.web.tickets import act
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("ticket_person", __name__)


@bp.post("/tickets/<number>/applicant/phone")
def confirm_phone(number: str) -> ResponseReturnValue:
    """A member of staff knows that the number is the applicant's: with it a chat can be paired."""

    def do(ticket: Ticket) -> None:
        person = _person(ticket)
        if person is None or person.phone is None:
            raise IntakeRejected({"phone": _("У заявителя нет номера, который можно подтвердить.")})
        if not person.is_phone_confirmed:
            pairing.confirm_phone(person, person.phone)
            _note(ticket, _("Номер %(phone)s подтверждён.", phone=phones.shown(person.phone)))

    return act(number, do)


@bp.post("/tickets/<number>/applicant/disconnection")
def disconnect(number: str) -> ResponseReturnValue:
    """No chat is the applicant's any more, none follows this request; links to the bot in their letters are void."""

    def do(ticket: Ticket) -> None:
        person = _person(ticket)
        ended = pairing.unfollow(ticket) + (pairing.unpair_person(person, now()) if person else 0)
        if ended:
            _note(ticket, _("Telegram заявителя отключён."))

    return act(number, do)


@bp.post("/tickets/<number>/applicant/address")
def forgive(number: str) -> ResponseReturnValue:
    """A member of staff knows that the address takes letters again: we write there by ourselves as before."""

    def do(ticket: Ticket) -> None:
        if bouncing.stopped(ticket.applicant_email, now()):
            bouncing.forgive(ticket.applicant_email)
            _note(ticket, _("Адрес %(address)s снова принимает письма.", address=ticket.applicant_email))

    return act(number, do)


@bp.post("/tickets/<number>/messages/<int:message_id>/applicant")
def take_over(number: str, message_id: int) -> ResponseReturnValue:
    """Whoever wrote the letter that was passed on becomes the applicant: offered by the letter, decided by staff."""

    def do(ticket: Ticket) -> None:
        message = db.session.get(Message, message_id)
        if message is None or message.ticket_id != ticket.id or message.letter_id is None:
            raise NotFound(_("Такого письма в заявке нет."))
        people = db.session.get_one(Letter, message.letter_id).others
        writer = next((one for one in people if one["how"] == "forwarded"), None)
        if writer is None:
            raise NotFound(_("В этом письме нет пересланного отправителя."))
        who = identify(writer["email"], "", writer["name"], "", now())
        assert who.person is not None
        tickets.change_applicant(ticket, who.person, who.company if who.is_confirmed else None, actor(), now())

    return act(number, do)


def _person(ticket: Ticket) -> Person | None:
    return db.session.get(Person, ticket.person_id, with_for_update=True) if ticket.person_id else None


def _note(ticket: Ticket, words: str) -> None:
    tickets.note(ticket, Contribution(words), actor(), now())
