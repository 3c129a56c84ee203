"""What waits for the manager: one row a request, the longest wait first, and what is being watched already."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.config import settings
from app.extensions import db
from app.models.escalation import Escalation
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Cause, PromiseKind
from app.reading.reader import Reader
from app.translate import _

MOST = 200


@dataclass(frozen=True)
class Reason:
    """Why a request is here. ``tone``: red, amber or empty."""

    icon: str
    tone: str
    words: str
    text: str = ""


@dataclass(frozen=True)
class Row:
    """One request (or one trouble of the desk, ``ticket`` None) with all its open escalations."""

    id: int  # of the oldest escalation: whose acts speak for all
    opened_at: datetime
    waited: str
    reasons: list[Reason]
    ticket: Ticket | None = None
    watch: str = ""  # who watches it since when, and the note

    @property
    def quotes(self) -> list[str]:
        return [reason.text for reason in self.reasons if reason.text]


@dataclass(frozen=True)
class Board:
    waiting: list[Row] = field(default_factory=list)
    watched: list[Row] = field(default_factory=list)
    resolved_today: int = 0
    last_resolved_at: datetime | None = None


def board(reader: Reader) -> Board:
    """Everything that is open, and how many were resolved today."""
    rows = _rows(_open(), reader)
    midnight = reader.at.astimezone(reader.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    resolved = select(func.count(), func.max(Escalation.resolved_at)).where(Escalation.resolved_at >= midnight)
    count, last = db.session.execute(resolved).one()
    return Board([row for row in rows if not row.watch], [row for row in rows if row.watch], count, last)


def row(escalation: Escalation, reader: Reader) -> Row:
    """The row that an escalation belongs to."""
    together = [one for one in _open() if one.ticket_id == escalation.ticket_id] if escalation.ticket_id else []
    return _rows(together or [escalation], reader)[0]


def waiting_count() -> int:
    """How many requests (and troubles of the desk) nobody watches yet."""
    key = func.coalesce(Escalation.ticket_id, -Escalation.id)
    return db.session.scalar(select(func.count(key.distinct())).where(*_UNWATCHED)) or 0


_UNWATCHED = (Escalation.resolved_at.is_(None), Escalation.acknowledged_at.is_(None))


def _open() -> list[Escalation]:
    query = select(Escalation).where(Escalation.resolved_at.is_(None))
    return list(db.session.scalars(query.order_by(Escalation.opened_at, Escalation.id).limit(MOST)))


def _rows(escalations: list[Escalation], reader: Reader) -> list[Row]:
    groups: dict[int, list[Escalation]] = defaultdict(list)
    for one in escalations:
        groups[one.ticket_id or -one.id].append(one)
    with_people = (
        select(Ticket).options(joinedload(Ticket.engineer)).where(Ticket.id.in_([key for key in groups if key > 0]))
    )
    tickets = {ticket.id: ticket for ticket in db.session.scalars(with_people)}
    ids = {one.acknowledged_by_id for one in escalations if one.acknowledged_by_id}
    managers = {row.id: row.name for row in db.session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))}
    return [_row(group, tickets.get(key), managers, reader) for key, group in groups.items()]


def _row(group: list[Escalation], ticket: Ticket | None, managers: dict[int, str], reader: Reader) -> Row:
    unwatched = [one for one in group if one.acknowledged_at is None]
    first = (unwatched or group)[0]
    return Row(
        id=first.id,
        opened_at=first.opened_at,
        waited=reader.amount(first.opened_at, reader.at),
        reasons=[_reason(one, ticket, reader) for one in unwatched or group],
        ticket=ticket,
        watch="" if unwatched else _watch(group[-1], managers, reader),
    )


def _watch(escalation: Escalation, managers: dict[int, str], reader: Reader) -> str:
    assert escalation.acknowledged_at is not None
    who = managers.get(escalation.acknowledged_by_id or 0, _("Программа"))
    if escalation.acknowledged_by_id == reader.staff_id:
        who = _("Вы")
    since = _("%(who)s, %(time)s", who=who, time=reader.time_or_day(escalation.acknowledged_at))
    return f"{since}: «{escalation.note}»" if escalation.note else since


def _reason(escalation: Escalation, ticket: Ticket | None, reader: Reader) -> Reason:
    icon, tone = _LOOKS[escalation.cause]
    text = "" if escalation.cause in _OWN_WORDS else escalation.text
    return Reason(icon, tone, _words(escalation, ticket, reader), text)


def _words(escalation: Escalation, ticket: Ticket | None, reader: Reader) -> str:
    match escalation.cause:
        case Cause.URGENT_UNTAKEN:
            return _("Срочную не взяли за %(time)s", time=reader.words.duration(settings().urgent_take_within))
        case Cause.MISSED if escalation.text == PromiseKind.REACTION:
            return _("Не ответили в срок")
        case Cause.LOW_RATING if ticket and ticket.rating:
            return _("Оценка %(rating)s из 5", rating=ticket.rating)
        case Cause.REOPENED_TWICE if ticket:
            return _("Открыта заново %(times)s-й раз", times=ticket.reopened_count)
    return {
        Cause.NEAR: _("Срок близко"),
        Cause.MISSED: _("Срок прошёл"),
        Cause.LOW_RATING: _("Низкая оценка"),
        Cause.COMPLAINT: _("Жалоба клиента"),
        Cause.HEAD_CALLED: _("Клиент зовёт руководителя"),
        Cause.REOPENED_TWICE: _("Открыта заново не в первый раз"),
        Cause.UNDELIVERED: _("Клиент не оповещён, позвоните"),
        Cause.UNREADABLE: _("Письмо не удалось разобрать"),
    }.get(escalation.cause, _("Сбой в системе"))


_OWN_WORDS = frozenset({Cause.URGENT_UNTAKEN, Cause.NEAR, Cause.MISSED, Cause.REOPENED_TWICE})
_LOOKS = {
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
