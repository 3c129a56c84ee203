"""The words that a letter's templates fill in: moments with their zone, headlines for staff, kinds of information."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import get_locale

from app import pairing, phones, wordings
from app.complaints.opening import due
from app.config import settings
from app.escalations import headline
from app.extensions import db
from app.models.person import Person
from app.models.promise import Promise
from app.models.ticket import Ticket
from app.models.words import Cause, EventKind
from app.notify import plain_text
from app.notify.facts import Facts, desk_link_of, link_of
from app.translate import _

_LONGEST_DETAIL = 2000


def words(facts: Facts, closing_at: datetime | None) -> dict[str, Any]:
    """What the templates of letters call by name beside the facts themselves."""
    return {
        "language": str(get_locale()),
        "zone": zone(),
        "due": moment(facts.promise.due_at, facts.at) if facts.promise else "",
        "main_link": link_of(facts.main) if facts.main else "",
        "main_due": moment(facts.main_promise.due_at, facts.at) if facts.main_promise else "",
        "closing": moment(closing_at, facts.at) if closing_at else "",
        "answer_by": moment(due(facts.event.at), facts.at) if facts.delivery.notice == "rated" else "",
        "head_link": f"{facts.link}/head" if "/r/" in facts.link and not facts.digest else "",
        "reason": _reason(facts),
        "urgency": str(facts.event.data.get("urgency", "")) if facts.event.kind is EventKind.URGENT else "",
        "missing": missing_words(facts.ticket.missing),
        "headline": "" if facts.delivery.is_for_customer else _headline(facts),
        "detail": "" if facts.delivery.is_for_customer else _detail(facts),
        "applicant": _applicant(facts),
        "telegram": _start_link(facts) if facts.delivery.notice == "registered" and not facts.digest else "",
        "digest": [_digested(facts, ticket, promise) for ticket, promise in facts.digest],
    }


def _reason(facts: Facts) -> str:
    """Why the deadline moved; whom we waited for is the desk's own affair."""
    if facts.event.kind in {EventKind.HELD, EventKind.RELEASED} and facts.delivery.is_for_customer:
        return _("мы ждали другую организацию, по договору это время в срок не входит")
    return plain_text.line(str(facts.event.data.get("reason", "")), 500)


def _digested(facts: Facts, ticket: Ticket, promise: Promise | None) -> dict[str, str]:
    """One request of a digest: its number, deadline, the reason, and the page of whoever reads the letter."""
    due = f"{moment(promise.due_at, facts.at)} {zone()}" if promise else ""
    link = link_of(ticket) if facts.delivery.is_for_customer else desk_link_of(ticket)
    return {"number": ticket.number, "due": due, "why": promise.why if promise else "", "link": link}


def _start_link(facts: Facts) -> str:
    """How the reader connects Telegram: in a letter to their own address alone, and until they have."""
    person = db.session.get(Person, facts.ticket.person_id) if facts.ticket.person_id else None
    if person is None or person.email != facts.delivery.recipient or pairing.chats_of_person(person):
        return ""
    return pairing.person_link(person, facts.at)


def moment(at: datetime, now: datetime) -> str:
    return str(wordings.current().moment(at, settings().time_zone, now))


def zone() -> str:
    key = settings().time_zone.key
    return _("по московскому времени") if key == "Europe/Moscow" else _("по времени %(zone)s", zone=key)


def missing_words(kinds: list[str]) -> str:
    """What we still need to know: «телефон, где»."""
    known = {
        "company": _("название компании"),
        "name": _("ваше имя"),
        "phone": _("телефон"),
        "email": _("e-mail"),
        "what": _("что случилось"),
        "whose": _("у кого случилось"),
        "where": _("где"),
        "readable": _("письмо без шифрования"),
    }
    return ", ".join(known[kind] for kind in kinds if kind in known)


def _headline(facts: Facts) -> str:
    notice = facts.delivery.notice
    headlines = {
        "answered": _("ответ клиента"),
        "assigned": _("назначена вам"),
        "mentioned": _("вас назвали в заметке"),
        "reopened": _("клиент открыл её заново"),
        "look_again": _("пора посмотреть, что у третьей стороны"),
        "urgent": _("срочная, нужен инженер") if facts.engineer is None else _("стала срочной"),
    }
    return headlines[notice] if notice in headlines else headline(Cause(notice)) if notice in set(Cause) else notice


def _detail(facts: Facts) -> str:
    """The customer's new words, or what the escalation says; a complaint's text stays with the manager's page."""
    if facts.delivery.notice in {Cause.MISSED, Cause.NEAR}:
        return ""
    said = facts.event.data.get("text") or facts.event.data.get("reason", "")
    text = facts.text or plain_text.body(str(said)).strip()
    return text if len(text) <= _LONGEST_DETAIL else text[:_LONGEST_DETAIL] + "…"


def _applicant(facts: Facts) -> str:
    ticket = facts.ticket
    known = (ticket.applicant_name, ticket.company_name, phones.shown(ticket.applicant_phone), ticket.applicant_email)
    return plain_text.line(", ".join(part for part in known if part), 400)
