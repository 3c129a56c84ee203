"""The duty roster as it is read: who is on duty now, four weeks at a glance, one's own shifts, who is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from app import duty
from app.calendars import WorkCalendar
from app.clock import midnight
from app.duty.cover import AHEAD, gaps
from app.duty.roster import Roster, Span
from app.extensions import db
from app.models.duty import DutyAbsence, DutyRole, DutyShift
from app.models.staff import Staff
from app.names import surname
from app.reading.calendar_year import DayKind, day_of, kind_words
from app.reading.reader import Reader
from app.terms import desk_calendar
from app.translate import _

WEEKS = 4
SOON = timedelta(days=1)
_TOLD = frozenset({DayKind.HOLIDAY, DayKind.MOVED, DayKind.SHORT, DayKind.OWN})
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Entry:
    """One shift within a stretch of a day. ``instead_of``: whom the one who stands replaces; nobody stands: ""."""

    shift_id: int
    is_second: bool
    name: str
    full_name: str
    instead_of: str = ""
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a day with the same people; ``hours`` is "" for a whole day."""

    starts_at: datetime
    ends_at: datetime
    hours: str
    entries: tuple[Entry, ...]
    is_missed: bool  # nobody stands, and it is near

    @property
    def is_empty(self) -> bool:
        return not any(entry.name for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    label: str
    is_today: bool
    is_past: bool
    is_off: bool
    note: str  # what the calendar calls it
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Page:
    """``own``: shifts in which the reader is named, present ones first."""

    first: date
    weeks: list[list[Day]]
    gaps: Sequence[Span]
    away: Sequence[DutyAbsence]
    own: Sequence[DutyShift]
    names: dict[int, str] = field(default_factory=dict)

    @property
    def last(self) -> date:
        return self.first + timedelta(weeks=WEEKS) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Now:
    """Who is on duty at this moment, in order; ``until``: when others follow, within a day."""

    people: tuple[Staff, ...]
    until: datetime | None
    later: Span | None

    @property
    def owner(self) -> Staff | None:
        return self.people[0] if self.people else None


def now(at: datetime) -> Now:
    spans = list(duty.read(at, at + SOON).spans(at, at + SOON))
    later = spans[1] if len(spans) > 1 else None
    return Now(spans[0].people, later.starts_at if later else None, later if later and later.people else None)


def page(first: date, reader: Reader) -> Page:
    """Four weeks from a Monday on."""
    zone = reader.zone
    start, end = (midnight(day, zone) for day in (first, first + timedelta(weeks=WEEKS)))
    roster = duty.read(min(start, reader.at), max(end, reader.at + AHEAD))
    calendar = desk_calendar()
    names = short_names(roster.staff.values())
    days = [_day(first + timedelta(days=number), roster, names, calendar, reader) for number in range(WEEKS * _DAYS)]
    days = [days[0], *(_without_tail(day, before) for before, day in pairwise(days))]
    missing = gaps(roster, reader.at, reader.at + AHEAD) if duty.is_kept() else []
    return Page(
        first=first,
        weeks=[days[at : at + _DAYS] for at in range(0, len(days), _DAYS)],
        gaps=missing,
        away=[one for one in roster.absences if one.ends_at > reader.at],
        own=_own(reader),
        names={one.id: one.name for one in roster.staff.values()},
    )


def short_names(staff: Iterable[Staff]) -> dict[int, str]:
    """Surnames; of two with one surname, with the initial."""
    people = list(staff)
    often = Counter(surname(one.name) for one in people)
    return {
        one.id: f"{surname(one.name)} {one.name[:1]}." if often[surname(one.name)] > 1 else surname(one.name)
        for one in people
    }


def _own(reader: Reader) -> Sequence[DutyShift]:
    query = select(DutyShift).where(DutyShift.staff_id == reader.staff_id, DutyShift.ends_at > reader.at)
    return db.session.scalars(query.order_by(DutyShift.starts_at).limit(6)).all()


def _day(day: date, roster: Roster, names: dict[int, str], calendar: WorkCalendar, reader: Reader) -> Day:
    start, end = (midnight(one, reader.zone) for one in (day, day + timedelta(days=1)))
    known = day_of(calendar, day)
    today = reader.at.astimezone(reader.zone).date()
    told = " ".join(dict.fromkeys(filter(None, (kind_words()[known.kind], known.why)))) if known.kind in _TOLD else ""
    return Day(
        date=day,
        label=_day_label(start, reader),
        is_today=day == today,
        is_past=day < today,
        is_off=not known.is_open,
        note=known.why or told,
        segments=tuple(_segments(start, end, roster, names, reader)),
    )


def _without_tail(day: Day, before: Day) -> Day:
    """A day without what only ends in it: where the night ends is read from the shift that follows."""
    tail, *rest = day.segments
    known = before.segments[-1].entries == tail.entries
    if known and rest and not tail.is_empty and not day.is_today:
        return replace(day, segments=tuple(rest))
    return day


def _day_label(start: datetime, reader: Reader) -> str:
    """«пн, 30 ноя»."""
    told = str(reader.words.moment_short(start, reader.zone, start - timedelta(days=5)))
    return told.rpartition(", ")[0]


def _segments(start: datetime, end: datetime, roster: Roster, names: dict[int, str], reader: Reader) -> list[Segment]:
    edges = {edge for one in roster.shifts for edge in (one.starts_at, one.ends_at)}
    edges |= {edge for one in roster.absences for edge in (one.starts_at, one.ends_at)}
    moments = sorted({start, *(edge for edge in edges if start < edge < end)})
    cut: list[tuple[datetime, tuple[Entry, ...]]] = []
    for moment in moments:
        entries = tuple(_entry(shift, moment, roster, names, reader) for shift in roster.shifts_at(moment))
        if not cut or cut[-1][1] != entries:
            cut.append((moment, entries))
    ends = [began for began, _entries in cut[1:]] + [end]
    return [
        _segment(began, until, (start, end), entries, reader) for (began, entries), until in zip(cut, ends, strict=True)
    ]


def _segment(
    began: datetime, until: datetime, day: tuple[datetime, datetime], entries: tuple[Entry, ...], reader: Reader
) -> Segment:
    begin, close = reader.clock_time(began), reader.clock_time(until)
    match began == day[0], until == day[1]:
        case True, True:
            hours = ""
        case True, False:
            hours = _("до %(time)s", time=close)
        case False, True:
            hours = _("с %(time)s", time=begin)
        case _:
            hours = f"{begin}–{close}"
    is_missed = not any(one.name for one in entries) and until > reader.at and began < reader.at + AHEAD
    return Segment(began, until, hours, entries, is_missed)


def _entry(shift: DutyShift, at: datetime, roster: Roster, names: dict[int, str], reader: Reader) -> Entry:
    stands = roster.stands_for(shift.staff_id, at)
    return Entry(
        shift_id=shift.id,
        is_second=shift.role is DutyRole.NEXT,
        name=names[stands.id] if stands else "",
        full_name=stands.name if stands else "",
        instead_of="" if stands and stands.id == shift.staff_id else names[shift.staff_id],
        is_mine=stands is not None and stands.id == reader.staff_id,
    )
