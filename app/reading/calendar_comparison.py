"""Where a calendar's year differs from the production calendar, and whether a newer one of that year is at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.calendar_specs import Interval
from app.calendars import WorkCalendar
from app.production_calendars import ProductionCalendar, production_calendar
from app.reading.calendar_year import dates_of, hours_shown
from app.translate import _

CODE = "RU"
_WEEKEND = 5  # Saturday, as date.weekday() counts


@dataclass(frozen=True, slots=True)
class Difference:
    """Days in a row that differ alike. ``ours``: hours or closed; ``decreed``: what the government says; ``why``."""

    first: date
    last: date
    ours: str
    decreed: str
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """``source``: the decree of the year, "" when there is none; ``is_newer``: the calendar has that year otherwise."""

    year: int
    source: str
    differences: list[Difference]
    working_days: int
    decreed_days: int
    is_newer: bool


def compared(calendar: WorkCalendar, year: int) -> Comparison:
    """A year of the calendar beside the production calendar of Russia that this program ships."""
    decreed = production_calendar(CODE)
    if year not in decreed.sources:
        return Comparison(year, "", [], 0, 0, is_newer=False)
    days = dates_of(year)
    return Comparison(
        year=year,
        source=decreed.sources[year],
        differences=list(_joined(_differing(calendar, decreed, days))),
        working_days=sum(bool(calendar.opening_hours_on(day)) for day in days),
        decreed_days=sum(_is_working(decreed, day) for day in days),
        is_newer=calendar.production is not None and _of_year(calendar.production, year) != _of_year(decreed, year),
    )


def _differing(calendar: WorkCalendar, decreed: ProductionCalendar, days: list[date]) -> Iterator[Difference]:
    for day in days:
        hours = calendar.opening_hours_on(day)
        is_working, is_short = _is_working(decreed, day), day in decreed.short_days
        is_short_here = _minutes(hours) < _minutes(_usual(calendar, day))
        if bool(hours) == is_working and not (is_working and is_short and not is_short_here):
            continue
        words = (_("короткий") if is_short else _("рабочий")) if is_working else _("выходной")
        yield Difference(day, day, hours_shown(hours) or _("выходной"), words, decreed.titles.get(day, ""))


def _joined(differences: Iterator[Difference]) -> Iterator[Difference]:
    """Days in a row that differ alike as one."""
    open_: Difference | None = None
    for one in differences:
        if (
            open_ is not None
            and one.first == open_.last + timedelta(days=1)
            and (one.ours, one.decreed, one.why) == (open_.ours, open_.decreed, open_.why)
        ):
            open_ = replace(open_, last=one.last)
            continue
        if open_ is not None:
            yield open_
        open_ = one
    if open_ is not None:
        yield open_


def _is_working(decreed: ProductionCalendar, day: date) -> bool:
    return day not in decreed.days_off and (day.weekday() < _WEEKEND or day in decreed.working_weekend_days)


def _usual(calendar: WorkCalendar, day: date) -> tuple[Interval, ...]:
    """The hours that a short day would have in full."""
    own = calendar.week[day.weekday()]
    return own or next((hours for hours in reversed(calendar.week[:_WEEKEND]) if hours), ())


def _minutes(hours: tuple[Interval, ...]) -> int:
    return sum(closes - opens for opens, closes in hours)


def _of_year(decreed: ProductionCalendar, year: int) -> tuple[frozenset[date], ...]:
    kinds = (decreed.days_off, decreed.working_weekend_days, decreed.short_days)
    return tuple(frozenset(day for day in days if day.year == year) for days in kinds)
