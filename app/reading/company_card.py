"""The card of one company: contracts over time, people, open requests, kept promises, what was done to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select

from app.clock import midnight
from app.config import settings
from app.extensions import db
from app.models.calendar import CalendarRecord
from app.models.client_change import ChangeKind, ClientChange
from app.models.company import Company, Contract
from app.models.person import Person
from app.models.ticket import Ticket
from app.models.words import PromiseKind, State, Urgency, UrgentClock
from app.reading.calendars import shown_day
from app.reading.reader import Reader
from app.reading.ticket_panel import hours_of
from app.reading.whys import with_why, worded
from app.reports import promises, urgents
from app.reports.promises import Figures
from app.reports.scope import Scope
from app.reports.urgents import Urgents
from app.translate import _

MOST_PEOPLE, MOST_OPEN, MOST_CHANGES = 30, 20, 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """One contract, worded. ``tone``: now, past or calm (to come)."""

    id: int
    number: str
    span: str
    standing: str
    tone: str
    reaction: str
    solution: str
    urgent: str
    hours: str


@dataclass(frozen=True, slots=True)
class Change:
    id: int
    at: datetime
    author: str
    words: str
    can_undo: bool
    other_id: int | None


@dataclass(frozen=True, slots=True)
class Open:
    """An open request; ``why``: of its deadline."""

    number: str
    title: str
    state: State
    urgency: Urgency
    due_at: datetime | None
    paused_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Card:
    company: Company
    agreements: list[Agreement]
    people: list[Person]
    people_total: int
    open: list[Open]
    open_total: int
    kept: Figures
    urgent: Urgents
    changes: list[Change]
    merged_into: Company | None


def card(company: Company, reader: Reader) -> Card:
    people = select(Person).where(Person.company_id == company.id, Person.archived_at.is_(None))
    shown = db.session.scalars(people.order_by(Person.is_contact.desc(), Person.name, Person.id).limit(MOST_PEOPLE))
    count = select(func.count()).select_from(people.subquery())
    own = (Ticket.company_id == company.id, Ticket.is_active.is_(True))
    columns: tuple[Any, ...] = (Ticket.number, Ticket.title, Ticket.state, Ticket.urgency)
    query = select(*columns, Ticket.due_at, Ticket.paused_at)
    opened = (
        with_why(query, is_russian=reader.is_russian).where(*own).order_by(Ticket.due_at, Ticket.id).limit(MOST_OPEN)
    )
    start, end = quarter(reader.at)
    return Card(
        company=company,
        agreements=_agreements(company, reader),
        people=list(shown),
        people_total=db.session.scalar(count) or 0,
        open=[_opened(row, reader) for row in db.session.execute(opened)],
        open_total=db.session.scalar(select(func.count()).select_from(Ticket).where(*own)) or 0,
        kept=promises.figures(start, end, Scope(company=company.id))[PromiseKind.SOLUTION],
        urgent=urgents.of_company(company.id, start, end),
        changes=changes(ClientChange.company_id == company.id),
        merged_into=db.session.get(Company, company.merged_into_id) if company.merged_into_id else None,
    )


def _opened(row: Row[Any], reader: Reader) -> Open:
    why = worded(row.why, reader)
    return Open(row.number, row.title, row.state, row.urgency, row.due_at, row.paused_at, why)


def quarter(at: datetime) -> tuple[datetime, datetime]:
    """From the first midnight of this quarter of the year until now, in the desk's zone."""
    zone = settings().time_zone
    today = at.astimezone(zone).date()
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return midnight(first, zone), at


def changes(own: object) -> list[Change]:
    """The last changes of one company or person, newest first."""
    query = select(ClientChange).where(own).order_by(ClientChange.id.desc()).limit(MOST_CHANGES)  # type: ignore[arg-type]
    return [
        Change(
            id=row.id,
            at=row.at,
            author=row.actor_name,
            words=_words(row),
            can_undo=row.kind is ChangeKind.MERGED and row.undone_at is None and "moved" in row.data,
            other_id=row.data.get("joined"),
        )
        for row in db.session.scalars(query)
    ]


def _words(row: ClientChange) -> str:
    number, name = row.data.get("number", ""), row.data.get("name", "")
    return {
        ChangeKind.MADE: _("карточка заведена"),
        ChangeKind.CHANGED: _("изменено: %(what)s", what=_fields(row.data.get("fields", []))),
        ChangeKind.CONTRACTED: _("добавлен договор %(number)s", number=number),
        ChangeKind.RECONTRACTED: _("изменён договор %(number)s", number=number),
        ChangeKind.ARCHIVED: _("убрано в архив"),
        ChangeKind.RESTORED: _("возвращено из архива"),
        ChangeKind.MERGED: _("присоединено: %(name)s", name=name or _("карточка, данные которой стёрты"))
        + (_(" (отменено)") if row.undone_at is not None else ""),
        ChangeKind.SEPARATED: _("объединение отменено: %(name)s", name=name),
    }[row.kind]


def _fields(names: list[str]) -> str:
    words = {
        "name": _("название или имя"),
        "domains": _("домены"),
        "notice_email": _("адрес уведомлений"),
        "notify": _("куда уведомлять"),
        "notes": _("важно знать"),
        "email": "e-mail",
        "phone": _("телефон"),
        "position": _("должность"),
        "company_id": _("компания"),
        "is_contact": _("контактное лицо"),
    }
    return ", ".join(words.get(name, name) for name in names)


def _agreements(company: Company, reader: Reader) -> list[Agreement]:
    today = reader.at.astimezone(reader.zone).date()
    calendars = select(CalendarRecord).where(CalendarRecord.name.in_({one.calendar for one in company.contracts}))
    specs = {record.name: record.spec for record in db.session.scalars(calendars)}
    newest_first = sorted(company.contracts, key=lambda one: (one.valid_from, one.id), reverse=True)
    in_force = next((one.id for one in newest_first if _is_in_force(one, today)), None)
    return [_agreement(one, specs[one.calendar], today, in_force, reader) for one in newest_first]


def _is_in_force(contract: Contract, day: date) -> bool:
    return contract.valid_from <= day and (contract.valid_to is None or day <= contract.valid_to)


def _agreement(one: Contract, spec: dict[str, object], today: date, in_force: int | None, reader: Reader) -> Agreement:
    if one.id == in_force:
        standing, tone = _("действует"), "now"
    elif one.valid_from > today:
        standing, tone = _("ещё не начался"), "calm"
    elif _is_in_force(one, today):
        standing, tone = _("вместо него действует более новый"), "past"
    else:
        standing, tone = _("кончился"), "past"
    end = shown_day(one.valid_to) if one.valid_to else _("без срока")
    own, hours = settings(), reader.words.hours
    urgent = (
        f"{hours(one.urgent_take or own.urgent_take_within)} / {hours(one.urgent_solve or own.urgent_solve_within)}"
    )
    clock = _("круглосуточно") if one.urgent_clock is UrgentClock.ROUND_THE_CLOCK else _("в рабочее время")
    return Agreement(
        id=one.id,
        number=one.number,
        span=f"{shown_day(one.valid_from)} – {end}",
        standing=standing,
        tone=tone,
        reaction=hours(one.reaction),
        solution=hours(one.solution) + (_(", ожидание третьей стороны не в счёт") if one.stops_for_third_party else ""),
        urgent=f"{urgent}, {clock}",
        hours=hours_of(spec),
    )
