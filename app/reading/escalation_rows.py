"""One row of the manager's page: a request (or a trouble of the desk) with all that it is there for, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.escalations import headline
from app.models.escalation import Escalation
from app.models.promise import Promise
from app.models.staff import Staff
from app.models.ticket import Ticket, stands_still
from app.models.words import OF_COMPLAINTS, Cause, Channel, PromiseKind, Urgency
from app.names import surname
from app.reading import whys
from app.reading.reader import Reader
from app.reading.whys import IN_FORCE
from app.thresholds import Thresholds
from app.translate import _

_Watcher = aliased(Staff)
COLUMNS = (
    *(Escalation.id, Escalation.ticket_id, Escalation.cause, Escalation.subject, Escalation.opened_at),
    *(Escalation.acknowledged_at, Escalation.watched_since, Escalation.watched_until, Escalation.watched_by_id),
    *(Escalation.note, Escalation.resolved_at, Escalation.resolution),
    func.substr(Escalation.text, 1, 1000).label("text"),
    _Watcher.name.label("watcher"),
    *(Ticket.number, Ticket.state, Ticket.urgency, Ticket.is_active, Ticket.title, Ticket.channel, Ticket.created_at),
    *(Ticket.company_name, Ticket.applicant_name, Ticket.applicant_email, Ticket.applicant_phone),
    *(Ticket.due_at, Ticket.paused_at, Ticket.reopened_count, Ticket.rating, Ticket.engineer_id),
    Staff.name.label("engineer"),
    *(Promise.why, Promise.basis),
)
SELECT = (
    select(*COLUMNS)
    .select_from(Escalation)
    .outerjoin(Ticket, Ticket.id == Escalation.ticket_id)
    .outerjoin(Staff, Staff.id == Ticket.engineer_id)
    .outerjoin(_Watcher, _Watcher.id == Escalation.watched_by_id)
    .outerjoin(Promise, IN_FORCE)
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request is here. ``tone``: red, amber or empty; ``text``: the customer's words, or what went wrong."""

    icon: str
    tone: str
    words: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One request, or one trouble of the desk where ``number`` is empty."""

    id: int  # of the oldest escalation that waits: whose acts speak for all
    opened_at: datetime
    waited: str
    reasons: list[Reason]
    is_watched: bool
    watch: str  # who watches it (or did, before it came back) since when, and the note
    back_in: str  # when it comes back, worded
    title: str
    number: str
    state: str
    is_urgent: bool
    is_active: bool
    company: str
    applicant: str
    phone: str
    came: str
    called: str  # who was told of it, by surname
    engineer: str
    engineer_id: int | None
    is_mine: bool
    due_at: datetime | None
    paused_at: datetime | None
    why: str
    complaint_id: int  # of the escalation that a complaint opened; none: 0

    @property
    def urgency(self) -> str:
        return Urgency.URGENT.value if self.is_urgent else Urgency.NORMAL.value

    @property
    def quotes(self) -> list[str]:
        return [reason.text for reason in self.reasons if reason.text]


def worded(group: Sequence[Columns[Any]], reader: Reader, limits: Thresholds, called: Sequence[str] = ()) -> Row:
    """The row of all open escalations of one request, oldest first; ``called``: the names of who was told."""
    waiting = [one for one in group if one.watched_until is None or one.watched_until <= reader.at]
    shown = waiting or group
    first = shown[0]
    return Row(
        id=first.id,
        opened_at=first.opened_at,
        waited=reader.amount(first.opened_at, reader.at),
        reasons=[_reason(one, reader, limits) for one in _told(shown)],
        is_watched=not waiting,
        watch=_watch(group, reader),
        back_in="" if waiting else _back_in(min(one.watched_until for one in group), reader),
        title=first.title or ("" if first.cause in OF_COMPLAINTS else _("Сам HelpDesk")),
        number=first.number or "",
        state=first.state.value if first.state else "",
        is_urgent=first.urgency is Urgency.URGENT,
        is_active=bool(first.is_active),
        company=first.company_name or "",
        applicant=first.applicant_name or first.applicant_email or "",
        phone=first.applicant_phone or "",
        came=_came(first, reader) if first.number else "",
        called=", ".join(dict.fromkeys(surname(name) for name in called)),
        engineer=first.engineer or "",
        engineer_id=first.engineer_id,
        is_mine=first.engineer_id is not None and first.engineer_id == reader.staff_id,
        due_at=first.due_at if first.is_active else None,
        paused_at=first.paused_at if stands_still(first.urgency, first.paused_at) else None,
        why=whys.worded(first.why if reader.is_russian else first.basis, reader) if first.is_active else "",
        complaint_id=next((one.id for one in shown if one.cause in OF_COMPLAINTS), 0),
    )


def reason_words(one: Columns[Any], reader: Reader, limits: Thresholds) -> str:
    """Why it came before the manager, in a few words."""
    match one.cause:
        case Cause.URGENT_UNTAKEN:
            return _("Срочную не взяли %(time)s", time=reader.words.duration(limits.urgent_take_within))
        case Cause.NEAR:
            return _("До срока меньше %(time)s", time=reader.words.duration(_rounded(one, reader, limits)))
        case Cause.MISSED if one.text == PromiseKind.REACTION:
            return _("Не ответили в срок")
        case Cause.MISSED if one.is_active and one.due_at and one.due_at < reader.at and not one.resolved_at:
            return _("Просрочена на %(time)s", time=reader.amount(one.due_at, reader.at))
        case Cause.LOW_RATING if one.rating:
            return _("Оценка %(rating)s из 5", rating=one.rating)
        case Cause.REOPENED_TWICE if one.reopened_count:
            return _("Открыта заново %(times)s-й раз", times=one.reopened_count)
    return cause_words()[one.cause]


def cause_words() -> dict[Cause, str]:
    """Every cause in general."""
    return {cause: words[0].upper() + words[1:] for cause in Cause if (words := headline(cause))}


def _told(group: Sequence[Columns[Any]]) -> list[Columns[Any]]:
    """All but a deadline that was near before it passed."""
    is_missed = any(one.cause is Cause.MISSED and one.text != PromiseKind.REACTION for one in group)
    return [one for one in group if not (is_missed and one.cause is Cause.NEAR)]


def _reason(one: Columns[Any], reader: Reader, limits: Thresholds) -> Reason:
    icon, tone = LOOKS[one.cause]
    return Reason(icon, tone, reason_words(one, reader, limits), "" if one.cause in _OWN_WORDS else one.text or "")


def _rounded(one: Columns[Any], reader: Reader, limits: Thresholds) -> timedelta:
    """The least quarter of an hour that is more than what is left, at most the threshold: it changes seldom."""
    left = (one.due_at or reader.at) - reader.at
    quarter = timedelta(minutes=15)
    return min(limits.near_deadline, quarter * (max(left, timedelta(0)) // quarter + 1))


def _watch(group: Sequence[Columns[Any]], reader: Reader) -> str:
    last = max((one for one in group if one.watched_since), key=lambda one: one.watched_since, default=None)
    if last is None:
        return ""
    who = _("Вы") if last.watched_by_id == reader.staff_id else last.watcher or _("Программа")
    since = _("%(who)s, %(time)s", who=who, time=reader.time_or_day(last.watched_since))
    return f"{since}: «{last.note}»" if last.note else since


def _back_in(until: datetime, reader: Reader) -> str:
    return reader.amount(reader.at, until + timedelta(seconds=59))


def _came(one: Columns[Any], reader: Reader) -> str:
    when = reader.time_or_day(one.created_at)
    ways = {
        Channel.WEB: _("с сайта, %(when)s", when=when),
        Channel.EMAIL: _("письмо, %(when)s", when=when),
        Channel.PHONE: _("звонок, %(when)s", when=when),
        Channel.TELEGRAM: _("Телеграм, %(when)s", when=when),
        Channel.API: _("из программы, %(when)s", when=when),
    }
    return ways[one.channel]


_OWN_WORDS = frozenset({Cause.URGENT_UNTAKEN, Cause.NEAR, Cause.MISSED, Cause.REOPENED_TWICE})
LOOKS = {
    Cause.URGENT_UNTAKEN: ("bolt", "red"),
    Cause.NEAR: ("clock", "amber"),
    Cause.MISSED: ("warning", "red"),
    Cause.LOW_RATING: ("star", "amber"),
    Cause.COMPLAINT: ("flag", "red"),
    Cause.HEAD_CALLED: ("phone", "red"),
    Cause.REOPENED_TWICE: ("refresh", "amber"),
    Cause.UNDELIVERED: ("mail", "red"),
    Cause.UNREADABLE: ("file", "amber"),
    Cause.SYSTEM: ("warning", "red"),
}
"""The icon of each cause, and how loud it is."""
