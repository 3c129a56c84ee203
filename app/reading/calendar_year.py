"""A year of a working calendar at a glance: what each day is, why, and how it differs from the production calendar."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from app.calendar_specs import Interval
from app.calendars import WorkCalendar
from app.production_calendars import ProductionCalendar
from app.translate import _

FIRST_YEAR, LAST_YEAR = 2000, 2100
_WEEKEND = 5  # Saturday, as date.weekday() counts


class DayKind(StrEnum):
    """What a day is, told by shape and word: ``UNKNOWN`` follows the week until there is a decree for its year."""

    WORKING = auto()
    OFF = auto()  # closed by the week
    HOLIDAY = auto()  # closed by law or decree
    MOVED = auto()  # a working weekend day, or a day off moved from one
    SHORT = auto()
    OWN = auto()  # set by hand
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Day:
    """``hours`` is «9:00–13:00, 14:00–18:00», "" when closed; ``why`` is what the law calls the day, or ""."""

    date: date
    kind: DayKind
    hours: str
    why: str = ""

    @property
    def is_open(self) -> bool:
        return bool(self.hours)


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    title: str
    weeks: list[list[Day | None]]


@dataclass(frozen=True, slots=True)
class Year:
    """``minutes``: service hours by the wall clock. ``decree``: source of the production calendar's year, or ""."""

    year: int
    months: list[Month]
    working_days: int
    minutes: int
    decree: str
    is_unknown: bool
    kinds: Counter[DayKind]


def year_of(calendar: WorkCalendar, year: int) -> Year:
    """All days of a year; ``year`` lies within FIRST_YEAR and LAST_YEAR."""
    days = [day_of(calendar, one) for one in dates_of(year)]
    spans = [calendar.opening_hours_on(day.date) for day in days]
    production = calendar.production
    return Year(
        year=year,
        months=[_month(number, [day for day in days if day.date.month == number]) for number in range(1, 13)],
        working_days=sum(map(bool, spans)),
        minutes=sum(closes - opens for hours in spans for opens, closes in hours),
        decree=production.sources.get(year, "") if production else "",
        is_unknown=production is not None and year not in production.sources,
        kinds=Counter(day.kind for day in days),
    )


def kind_words() -> dict[DayKind, str]:
    """What each kind of day is called, in the order of the legend."""
    return {
        DayKind.WORKING: _("рабочий"),
        DayKind.OFF: _("выходной"),
        DayKind.HOLIDAY: _("праздник"),
        DayKind.MOVED: _("перенесён"),
        DayKind.SHORT: _("короче на час"),
        DayKind.OWN: _("задан вручную"),
        DayKind.UNKNOWN: _("год без данных"),
    }


def dates_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def hours_shown(hours: tuple[Interval, ...]) -> str:
    """«9:00–13:00, 14:00–18:00»; "" for a closed day."""
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in hours)


def day_of(calendar: WorkCalendar, day: date) -> Day:
    hours = hours_shown(calendar.opening_hours_on(day))
    if day in calendar.days:
        return Day(day, DayKind.OWN, hours, _title(calendar.production, day))
    decreed = calendar.production
    if decreed is not None and day.year not in decreed.sources:
        return Day(day, DayKind.UNKNOWN if hours else DayKind.OFF, hours)
    kind = _decreed_kind(decreed, day) if decreed else None
    return Day(day, kind or (DayKind.WORKING if hours else DayKind.OFF), hours, _title(decreed, day))


def _decreed_kind(decreed: ProductionCalendar, day: date) -> DayKind | None:
    if day in decreed.days_off:
        is_moved = decreed.titles.get(day, "").startswith("Выходной, перенесён")
        return DayKind.MOVED if is_moved else DayKind.HOLIDAY
    if day in decreed.working_weekend_days:
        return DayKind.MOVED
    return DayKind.SHORT if day in decreed.short_days else None


def _title(decreed: ProductionCalendar | None, day: date) -> str:
    return decreed.titles.get(day, "") if decreed else ""


def _month(number: int, days: list[Day]) -> Month:
    cells: list[Day | None] = [None] * days[0].date.weekday() + days
    cells += [None] * (-len(cells) % 7)
    return Month(number, month_titles()[number - 1], [cells[at : at + 7] for at in range(0, len(cells), 7)])


def month_titles() -> tuple[str, ...]:
    return (
        _("Январь"), _("Февраль"), _("Март"), _("Апрель"), _("Май"), _("Июнь"),
        _("Июль"), _("Август"), _("Сентябрь"), _("Октябрь"), _("Ноябрь"), _("Декабрь"),
    )  # fmt: skip


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
