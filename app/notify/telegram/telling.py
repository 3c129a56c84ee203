"""What a notice says in a chat, and the buttons under it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from app import escalations, presses, promises, wordings
from app.actor import Actor
from app.chats import Buttons
from app.config import settings
from app.extensions import db
from app.models.chat import Chat
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.words import Cause, DeliveryChannel
from app.notify import plain_text
from app.notify.facts import Facts
from app.notify.wording import words
from app.policy import Act, may
from app.presses import Press
from app.promises import Basis
from app.translate import _, speaks_source

LANGUAGES = ("ru", "en")
_MOST_BUTTONS = 10
_BLANK_LINES = re.compile(r"\n{3,}")
_HERS, _HIS = re.compile(r"[а-яё](ова|ева|ёва|ина|ына|ая|яя)$"), re.compile(r"[а-яё](ов|ев|ёв|ин|ын|ий|ой|ый)$")


@dataclass(frozen=True)
class Told:
    text: str
    buttons: Buttons


def tell(facts: Facts, chat: Chat, closing_at: datetime | None) -> Told:
    """Words and buttons of a notice, in the language that is forced."""
    is_customers = facts.delivery.is_for_customer
    name = "digest" if facts.digest else facts.delivery.notice if is_customers else "staff"
    known = words(facts, closing_at) | _of_chat(facts, chat)
    text = current_app.jinja_env.get_template(f"telegram/{name}.txt").render(known | {"f": facts})
    buttons = _customers(facts) if is_customers else _staffs(facts, chat)
    return Told(_BLANK_LINES.sub("\n\n", plain_text.body(text)).strip(), [row for row in buttons if row])


def language_of(delivery: Delivery, chat: Chat) -> str:
    """A customer's chat speaks its own language, staff the desk's."""
    return chat.language if delivery.is_for_customer and chat.language in LANGUAGES else settings().language


def _of_chat(facts: Facts, chat: Chat) -> dict[str, str]:
    """What templates of chats call by name, beside the words of letters."""
    ticket, promise = facts.ticket, facts.promise
    is_known = chat.person_id is not None and chat.person_id == ticket.person_id  # others read no contract's number
    due = by = why = ""
    if promise is not None:
        due, by = _moment(promise.due_at, facts.at), _by(promise.due_at, facts.at)
        why = promise.why if is_known else promise.why_public
        why = promises.why_en(Basis.from_json(promise.basis), public=not is_known) if not speaks_source() else why
    return {
        "due": due,
        "by": by,
        "why": why.rstrip("."),
        "taken_by": _taken_by(facts.engineer.name if facts.engineer else ""),
        "mailed_to": ticket.applicant_email if facts.delivery.notice == "registered" and _is_mailed(facts) else "",
    }


def _is_mailed(facts: Facts) -> bool:
    query = select(Delivery.id).where(
        Delivery.event_id == facts.event.id,
        Delivery.channel == DeliveryChannel.EMAIL,
        Delivery.recipient == facts.ticket.applicant_email.lower(),
    )
    return db.session.scalar(query) is not None


def _moment(at: datetime, now: datetime) -> str:
    """«сегодня, 14:10», «чт, 26 ноября, 18:00»."""
    zone, language = settings().time_zone, wordings.current()
    short = str(language.moment_short(at, zone, now))
    day, _comma, rest = short.partition(", ")
    return f"{day}, {language.moment(at, zone, now)}" if ", " in rest else short


def _by(at: datetime, now: datetime) -> str:
    """«11:24 сегодня», «18:00, чт, 26 ноября»: what stands after «до»."""
    day, _comma, time = _moment(at, now).rpartition(", ")
    return f"{time}, {day}" if ", " in day else f"{time} {day}"


def _taken_by(name: str) -> str:
    """Russian verbs have a gender, which a surname as a rule tells."""
    if not name:
        return _("Её взяли в работу.")
    if _HERS.search(name.lower()):
        return _("Взяла в работу %(name)s.", name=name)
    return (
        _("Взял в работу %(name)s.", name=name) if _HIS.search(name.lower()) else _("В работе у: %(name)s.", name=name)
    )


def _customers(facts: Facts) -> Buttons:
    if facts.digest:
        return []
    ticket, notice = facts.ticket, facts.delivery.notice
    site = presses.site(_("Открыть на сайте"), ticket)
    reopen = presses.about(_("Не помогло, открыть заново"), Press.REOPEN, ticket)
    match notice:
        case "solved":
            rating = [presses.about(str(value), Press.RATE, ticket, str(value)) for value in range(1, 6)]
            return [rating, [reopen]]
        case "closing":
            return [[reopen], site]
        case "registered":
            return [site, [presses.about(_("Пожаловаться руководителю"), Press.COMPLAIN, ticket)]]
        case "replied" | "asked" | "moved" | "reminded" | "missed":
            return [site]
    return []


def _staffs(facts: Facts, chat: Chat) -> Buttons:
    """Take and acknowledge, where that can still be done by this reader."""
    if facts.digest:
        shown = [ticket for ticket, _promise in facts.digest][:_MOST_BUTTONS]
        return [[presses.about(_("Взять %(number)s", number=ticket.number), Press.TAKE, ticket)] for ticket in shown]
    ticket = facts.ticket
    acts = []
    if ticket.is_active and ticket.engineer_id is None:
        acts.append(presses.about(_("Взять"), Press.TAKE, ticket))
    if (
        chat.staff is not None
        and may(Actor.of_staff(chat.staff), Act.MANAGE)
        and (escalation := _unwatched(facts, chat.staff.id))
    ):
        acts.append(presses.button(_("Беру на контроль"), Press.ACKNOWLEDGE, str(escalation)))
    return [acts, presses.desk(_("Открыть заявку"), ticket)]


def _unwatched(facts: Facts, staff_id: int) -> int | None:
    """The escalation that this notice tells of and its reader may see, while nobody has it under control."""
    if facts.delivery.notice not in set(Cause):
        return None
    query = select(Escalation.id).where(
        Escalation.ticket_id == facts.ticket.id,
        Escalation.cause == facts.delivery.notice,
        escalations.unwatched(facts.at),
        escalations.visible(staff_id),
    )
    return db.session.scalar(query.order_by(Escalation.id).limit(1))
