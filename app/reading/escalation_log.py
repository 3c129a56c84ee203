"""The log of what was before the manager and is over: the newest first, page by page, with what was done about each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy import Row as Columns
from sqlalchemy.orm import aliased

from app import durations
from app.clock import midnight
from app.escalations import visible
from app.extensions import db
from app.models.escalation import Escalation, EscalationAct
from app.models.staff import Staff
from app.models.words import Cause, Handling
from app.reading.escalation_pages import Call, calls
from app.reading.escalation_rows import LOOKS, SELECT, reason_words
from app.reading.reader import Reader
from app.rows import is_id
from app.thresholds import current as thresholds
from app.translate import _

PAGE = 50
_Resolver = aliased(Staff)
_ACTS = (
    select(EscalationAct.escalation_id, EscalationAct.kind, EscalationAct.at, EscalationAct.text)
    .add_columns(EscalationAct.staff_id, Staff.name)
    .outerjoin(Staff, Staff.id == EscalationAct.staff_id)
    .order_by(EscalationAct.id)
)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done, in words."""

    at: str
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One escalation that is over."""

    id: int
    icon: str
    words: str
    number: str
    title: str
    when: str
    iso: str
    took: str
    who: str  # empty: it passed by itself
    resolution: str
    acts: list[Act]
    calls: list[Call]


@dataclass(frozen=True)
class Log:
    """One page; ``next_place`` leads to the older ones, empty on the last page."""

    lines: list[Line]
    next_place: str


def page(reader: Reader, cause: Cause | None = None, day: date | None = None, after: str = "") -> Log:
    """What was resolved, of one cause, on one day of the desk's zone; three queries."""
    query = SELECT.add_columns(_Resolver.name.label("resolver"))
    query = query.outerjoin(_Resolver, _Resolver.id == Escalation.resolved_by_id)
    query = query.where(Escalation.resolved_at.is_not(None), visible(reader.staff_id))
    if cause is not None:
        query = query.where(Escalation.cause == cause)
    if day is not None:
        query = query.where(*_within(day, reader))
    if (place := _place(after)) is not None:
        query = query.where(tuple_(Escalation.resolved_at, Escalation.id) < tuple_(*place))
    found = db.session.execute(
        query.order_by(Escalation.resolved_at.desc(), Escalation.id.desc()).limit(PAGE + 1)
    ).all()
    shown = found[:PAGE]
    done = acts([one.id for one in shown], reader)
    called = calls([one.id for one in shown], reader)
    lines = [_line(one, done.get(one.id, []), called.get(one.id, []), reader) for one in shown]
    last = shown[-1] if len(found) > PAGE else None
    return Log(lines, f"{last.resolved_at.isoformat()}~{last.id}" if last else "")


def acts(escalation_ids: list[int], reader: Reader) -> dict[int, list[Act]]:
    """What people did about each of these escalations, oldest first; one query."""
    found: dict[int, list[Act]] = defaultdict(list)
    query = _ACTS.where(EscalationAct.escalation_id.in_(escalation_ids))
    for one in db.session.execute(query) if escalation_ids else ():
        found[one.escalation_id].append(_act(one, reader))
    return found


def acts_of(escalation: Escalation, reader: Reader) -> list[Act]:
    """What people did about a request's open escalations together: one press is one line."""
    if escalation.ticket_id is None or escalation.resolved_at is not None:
        return acts([escalation.id], reader).get(escalation.id, [])
    together = (Escalation.ticket_id == escalation.ticket_id, Escalation.resolved_at.is_(None))
    query = _ACTS.join(Escalation, Escalation.id == EscalationAct.escalation_id)
    rows = db.session.execute(query.where(*together, visible(reader.staff_id)))
    return list(dict.fromkeys(_act(one, reader) for one in rows))


def _act(one: Columns[Any], reader: Reader) -> Act:
    who = _("Вы") if one.staff_id and one.staff_id == reader.staff_id else one.name or _("Программа")
    words = {
        Handling.ACKNOWLEDGED: _("%(who)s: на контроле", who=who),
        Handling.PUT_BACK: _("%(who)s: снова ждёт решения", who=who),
        Handling.TAKEN: _("%(who)s: взята в работу", who=who),
        Handling.ASSIGNED: _("%(who)s: назначена", who=who),
        Handling.CALLED: _("%(who)s: звонок", who=who),
        Handling.RESOLVED: _("%(who)s: разобрана", who=who),
    }
    return Act(reader.time_or_day(one.at), words[one.kind], one.text)


def _line(one: Columns[Any], done: list[Act], called: list[Call], reader: Reader) -> Line:
    return Line(
        id=one.id,
        icon=LOOKS[one.cause][0],
        words=reason_words(one, reader, thresholds()),
        number=one.number or "",
        title=one.title or one.text,
        when=reader.short_moment(one.resolved_at),
        iso=durations.iso(one.resolved_at),
        took=reader.amount(one.opened_at, one.resolved_at),
        who=one.resolver or "",
        resolution=one.resolution,
        acts=done,
        calls=called,
    )


def _within(day: date, reader: Reader) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    start, end = midnight(day, reader.zone), midnight(day + timedelta(days=1), reader.zone)
    return Escalation.resolved_at >= start.astimezone(UTC), Escalation.resolved_at < end.astimezone(UTC)


def _place(text: str) -> tuple[datetime, int] | None:
    """The place that ``next_place`` named; None for anything else."""
    moment, _tilde, number = text.partition("~")
    try:
        place = durations.parse_moment(moment), int(number)
    except ValueError:
        return None
    return place if is_id(place[1]) else None
