"""Beside the conversation: the promise and why, the first answer, the company with its contract, its last requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy import Row as Columns

from app import durations, promises
from app.calendar_specs import WEEKDAYS
from app.columns import read_columns
from app.models.calendar import CalendarRecord
from app.models.company import Contract
from app.models.promise import Promise
from app.models.ticket import Ticket, stands_still
from app.models.words import PromiseKind, State
from app.promises import Basis
from app.reading.calendars import weekdays
from app.reading.queue_rows import STATE_ICONS, state_words
from app.reading.reader import Reader
from app.reading.ticket import Head
from app.translate import _

MOST_RECENT = 4


def _last_of(own: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    total = select(func.count()).select_from(Ticket).where(own).scalar_subquery()
    columns = (Ticket.number, Ticket.title, Ticket.state, Ticket.created_at, total.label("total"))
    return select(*columns).where(own).order_by(Ticket.created_at.desc()).limit(MOST_RECENT + 1)


# Built once: to build a statement costs more than to run it.
_OF_COMPANY = _last_of(Ticket.company_id == bindparam("own"))
_OF_APPLICANT = _last_of(Ticket.applicant_email == bindparam("own"))
_PROMISES = (
    select(Promise.kind, Promise.due_at, Promise.why, Promise.basis, Promise.provisional, Promise.kept)
    .add_columns(Promise.superseded_at, Promise.stated_at, Promise.reason)
    .where(Promise.ticket_id == bindparam("ticket"))
    .order_by(Promise.id)
)
_CONTRACTS = (
    select(Contract.number, Contract.valid_from, Contract.valid_to, Contract.solution, CalendarRecord.spec)
    .add_columns(Contract.firm_contacts, Contract.client_contacts)
    .join(CalendarRecord, CalendarRecord.name == Contract.calendar)
    .where(Contract.company_id == bindparam("company"), Contract.valid_from <= bindparam("today"))
    .order_by(Contract.valid_from.desc(), Contract.id.desc())
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The solution promise in force, and the first answer. ``percent``: how much of its time is gone."""

    due_iso: str
    due_title: str
    due_short: str
    text: str
    tone: str
    icon: str
    why: str
    is_provisional: bool
    percent: int
    kept: bool | None
    reaction: str
    reaction_iso: str
    reaction_tone: str
    moved: int  # how many promises it superseded
    paused_iso: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The contract in force on the day, worded."""

    number: str
    until: str
    solution: str
    hours: str
    firm_contacts: str = ""  # whom the client calls here
    client_contacts: str = ""  # who is told there


@dataclass(frozen=True, slots=True)
class Recent:
    number: str
    title: str
    icon: str
    word: str
    day: str


def promise_rows(head: Head) -> list[Columns[Any]]:
    """All that was promised, oldest first; one query."""
    return list(read_columns(_PROMISES, {"ticket": head.ticket.id}))


def standing(head: Head, rows: list[Columns[Any]], reader: Reader) -> Standing | None:
    """The promise panel, of ``promise_rows``."""
    current = [row for row in rows if row.kind is PromiseKind.SOLUTION and row.superseded_at is None]
    if not current:
        return None
    promise, ticket = current[-1], head.ticket
    text, tone = _how_it_stands(promise, ticket, reader)
    reaction = [row for row in rows if row.kind is PromiseKind.REACTION and row.superseded_at is None]
    worded, reaction_iso, reaction_tone = _reaction(ticket, reaction[-1] if reaction else None, reader)
    is_paused = tone == "paused"
    return Standing(
        due_iso=durations.iso(promise.due_at),
        due_title=reader.moment(promise.due_at),
        due_short=reader.short_moment(promise.due_at),
        text=text,
        tone=tone,
        icon={"late": "warning", "paused": "pause", "kept": "tick"}.get(tone, "clock"),
        why=promise.why if reader.is_russian else promises.why_en(Basis.from_json(promise.basis)),
        is_provisional=promise.provisional,
        percent=_percent(promise, ticket, reader),
        kept=promise.kept,
        reaction=worded,
        reaction_iso=reaction_iso,
        reaction_tone=reaction_tone,
        moved=sum(row.kind is PromiseKind.SOLUTION for row in rows) - 1,
        paused_iso=durations.iso(ticket.paused_at) if is_paused and ticket.paused_at else "",
    )


def _how_it_stands(promise: Columns[Any], ticket: Columns[Any], reader: Reader) -> tuple[str, str]:
    if ticket.state in {State.SOLVED, State.CLOSED}:
        took = reader.amount(ticket.created_at, ticket.solved_at or ticket.closed_at or reader.at)
        if promise.kept is False:
            return _("решена за %(time)s, позже срока", time=took), "late"
        return _("решена за %(time)s, в срок", time=took), "kept"
    is_paused = stands_still(ticket.urgency, ticket.paused_at)
    worded = reader.deadline(promise.due_at, ticket.paused_at if is_paused else None)
    return worded.text, worded.tone


def _reaction(ticket: Columns[Any], promise: Columns[Any] | None, reader: Reader) -> tuple[str, str, str]:
    if ticket.reacted_at is not None:
        words = _("через %(time)s", time=reader.amount(ticket.created_at, ticket.reacted_at))
        if promise is not None and promise.kept is False:
            return _("%(when)s, позже срока", when=words), "", "late"
        return words, "", "kept"
    if promise is None:
        return "", "", ""
    tone = "late" if promise.due_at < reader.at else "calm"
    return _("до %(time)s", time=reader.short_moment(promise.due_at)), durations.iso(promise.due_at), tone


def _percent(promise: Columns[Any], ticket: Columns[Any], reader: Reader) -> int:
    length = (promise.due_at - ticket.created_at).total_seconds()
    gone = ((ticket.solved_at or ticket.paused_at or reader.at) - ticket.created_at).total_seconds()
    return 100 if length <= 0 else max(0, min(100, round(100 * gone / length)))


def agreement(head: Head, reader: Reader) -> Agreement | None:
    """The contract of the request's company that is valid today, or None."""
    return agreement_of(head.ticket.company_id, reader)


def agreement_of(company_id: int | None, reader: Reader) -> Agreement | None:
    """A company's contract that is valid today, or None; one query."""
    if company_id is None:
        return None
    today = reader.at.astimezone(reader.zone).date()
    for row in read_columns(_CONTRACTS, {"company": company_id, "today": today}):
        if row.valid_to is None or today <= row.valid_to:
            until = _("до %(day)s", day=_day(row.valid_to)) if row.valid_to else _("без срока")
            solution = str(reader.words.work_amount(row.solution))
            contacts = (row.firm_contacts, row.client_contacts)
            return Agreement(row.number, until, solution, hours_of(row.spec), *contacts)
    return None


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def hours_of(spec: dict[str, Any]) -> str:
    """«пн–пт, 9:00–18:00; сб, 10:00–15:00»: days with the same hours together, days off left out."""
    week = spec.get("week", {})
    days = [tuple(map(tuple, week.get(day) or ())) for day in WEEKDAYS]
    if set(days) == {(("00:00", "24:00"),)}:
        return _("круглосуточно")
    parts, names = [], list(weekdays().values())
    for spans, together in groupby(zip(days, names, strict=True), key=itemgetter(0)):
        first, *rest = [name for _spans, name in together]
        hours = ", ".join(f"{start.removeprefix('0')}–{end.removeprefix('0')}" for start, end in spans)
        if hours:
            parts.append(f"{f'{first}–{rest[-1]}' if rest else first}, {hours}")
    return "; ".join(parts) or str(spec.get("name", ""))


def recent(head: Head, reader: Reader) -> tuple[list[Recent], int]:
    """Other last requests of the company (of the applicant, where there is none) and how many there are; one query."""
    ticket = head.ticket
    if ticket.company_id is None and not ticket.applicant_email:
        return [], 0
    if ticket.company_id is not None:
        rows = read_columns(_OF_COMPANY, {"own": ticket.company_id}).all()
    else:
        rows = read_columns(_OF_APPLICANT, {"own": ticket.applicant_email}).all()
    words = state_words()
    shown = [
        Recent(row.number, row.title, STATE_ICONS[row.state.value], words[row.state.value], day(row.created_at, reader))
        for row in rows
        if row.number != ticket.number
    ]
    return shown[:MOST_RECENT], rows[0].total if rows else 0


def day(at: datetime, reader: Reader) -> str:
    """«19 ноя», «вчера»."""
    words = reader.short_moment(at).split(", ")
    return words[0] if len(words) == 2 else words[1]
