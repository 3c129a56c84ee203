"""Spans of whole days in the desk's zone that reports are about, and what each is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum, auto
from zoneinfo import ZoneInfo

from app.clock import midnight

_DAY = timedelta(days=1)
MOST_YEARS = 10
_EARLIEST, _LATEST = date(1990, 1, 1), date(2199, 12, 31)


class Named(StrEnum):
    """Periods by name; those that last end today."""

    WEEK = auto()
    MONTH = auto()
    QUARTER = auto()
    YEAR = auto()
    LAST_WEEK = auto()
    LAST_MONTH = auto()
    LAST_QUARTER = auto()
    OWN = auto()


class Compared(StrEnum):
    PREVIOUS = auto()
    YEAR_AGO = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day's midnight to the midnight after the last day; ``named``: as it was asked for."""

    first: date
    last: date
    zone: ZoneInfo
    named: Named = Named.OWN

    @property
    def start(self) -> datetime:
        return _begins(self.first, self.zone)

    @property
    def end(self) -> datetime:
        return _begins(self.last + _DAY, self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def part(self, first: date, last: date) -> Period:
        """Some days of it, as a period of their own."""
        return Period(first, last, self.zone)

    def before(self) -> Period:
        """The whole week, month, quarter or year before; else as many days before."""
        last = self.first - _DAY
        unit = self.named.value.removeprefix("last_")
        first = _first_of(unit, last) if self.named is not Named.OWN else last - timedelta(days=self.days - 1)
        return Period(max(first, _EARLIEST), last, self.zone)

    def year_ago(self) -> Period:
        return Period(_a_year_before(self.first), _a_year_before(self.last), self.zone)

    def compared(self, with_what: Compared) -> Period | None:
        if with_what is Compared.NOTHING:
            return None
        return self.before() if with_what is Compared.PREVIOUS else self.year_ago()

    def offsets(self) -> list[tuple[datetime, int]]:
        """How far the zone's clock is ahead of UTC, in seconds, from which moment on; oldest first."""
        found = [(self.start, _offset(self.start, self.zone))]
        day = self.first
        while day <= self.last:
            end = _begins(day + _DAY, self.zone)
            if _offset(end, self.zone) != found[-1][1]:
                moment = _turn(_begins(day, self.zone), end, self.zone)
                found.append((moment, _offset(moment, self.zone)))
            day += _DAY
        return found


def named(name: Named, at: datetime, zone: ZoneInfo) -> Period:
    """The period of that name at a moment."""
    today = at.astimezone(zone).date()
    unit = name.value.removeprefix("last_")
    first = _first_of(unit, today)
    if not name.value.startswith("last_"):
        return Period(first, today, zone, name)
    return Period(_first_of(unit, first - _DAY), first - _DAY, zone, name)


def own(first: date, last: date, zone: ZoneInfo) -> Period:
    """Days that somebody named; raises ValueError with the reason why they are none."""
    if not _EARLIEST <= first <= _LATEST or not _EARLIEST <= last <= _LATEST:
        raise ValueError("Таких дат у нас нет. Назовите годы с 1990 по 2199.")
    if last < first:
        raise ValueError("Конец раньше начала. Поменяйте даты местами.")
    if last >= _years_after(first, MOST_YEARS):
        raise ValueError("Отчёт строится не больше чем за десять лет. Выберите даты ближе.")
    return Period(first, last, zone)


def _first_of(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1)


def _a_year_before(day: date) -> date:
    return _years_after(day, -1)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _offset(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _turn(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second of the new offset between two moments of different offsets."""
    old, low, high = _offset(before, zone), int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(datetime.fromtimestamp(middle, UTC), zone) == old else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return midnight(day, zone).astimezone(UTC)
