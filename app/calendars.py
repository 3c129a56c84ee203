"""Working-time arithmetic, pure: what is due when, and how much working time lies between two moments.

The rule. A moment is working time if and only if a clock on the wall in the calendar's zone, read at that
moment, shows a time inside a half-open interval [open, close) of the date that it shows. So a duration is
elapsed real time; an hour skipped in spring gives nothing, an hour shown twice in autumn is worked twice, and
an interval to 24:00 joins the next day's from 00:00. Moments are aware; seconds are kept, fractions cut.

How. For each year of UTC the open spans are laid out once, as seconds since 1970, with running sums beside
them: an answer is then two binary searches, whatever the distance.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from app.calendar_specs import WEEKDAYS, Interval, read_spec, shortened
from app.production_calendars import ProductionCalendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_SECOND = timedelta(seconds=1)
_DAY = 86_400
_FIRST_YEAR, _LAST_YEAR = 2, 9_998
_YEARS_AHEAD = 200
_SHORTER = 60  # minutes cut from a day before a holiday (Labour Code of Russia, article 95)


class _Year(NamedTuple):
    """The open spans of one year of UTC, in seconds since 1970, and the working time up to the end of each."""

    opens: list[int]
    closes: list[int]
    worked: list[int]

    def before(self, second: int) -> int:
        """Working seconds of this year before `second`."""
        i = bisect_right(self.opens, second) - 1
        return self.worked[i] - max(0, self.closes[i] - second) if i >= 0 else 0


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Service hours: `days` rules over the production calendar, which rules over `week` (Monday first)."""

    name: str
    zone: ZoneInfo
    week: tuple[tuple[Interval, ...], ...]
    days: dict[date, tuple[Interval, ...]] = field(default_factory=dict, hash=False)
    production: ProductionCalendar | None = field(default=None, hash=False)
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_spec(cls, spec: object) -> Self:
        """Read the JSON form of a calendar file; raise ValueError naming the place of the first mistake."""
        read = read_spec(spec)
        return cls(read.name, read.zone, read.week, read.days, read.production)

    def to_spec(self) -> dict[str, Any]:
        """Write the JSON form that from_spec reads."""
        return {
            "name": self.name,
            "time_zone": self.zone.key,
            "production_calendar": self.production.code if self.production else None,
            "week": {day: [span.as_text() for span in spans] for day, spans in zip(WEEKDAYS, self.week, strict=True)},
            "days": {day.isoformat(): [span.as_text() for span in spans] for day, spans in sorted(self.days.items())},
        }

    def due(self, start: datetime, work: timedelta) -> datetime:
        """Return the earliest moment t (UTC) with worked(start, t) = work; for no work, start or the next opening.

        An amount that fits the day exactly is due at the closing. Raises ValueError on a negative amount, on a
        naive start, and when the calendar does not open for so long within 200 years.
        """
        second, amount = _second(start), work // _SECOND
        if amount < 0:
            raise ValueError(f"work cannot be negative, this is {work.total_seconds():g} s")
        if amount == 0:
            return self.next_opening(start)
        for year in _years_from(second):
            spans = self._year(year)
            target = amount + spans.before(second)
            if spans.worked and target <= spans.worked[-1]:
                i = bisect_left(spans.worked, target)
                return _moment(spans.closes[i] - (spans.worked[i] - target))
            amount = target - (spans.worked[-1] if spans.worked else 0)
        raise ValueError(f"calendar {self.name} is not open for so long within {_YEARS_AHEAD} years of {start.year}")

    def worked(self, a: datetime, b: datetime) -> timedelta:
        """Return the working time in [a, b), whole seconds; none when b <= a."""
        first, last = _second(a), _second(b)
        if last <= first:
            return timedelta(0)
        until, since = _year_of(last), _year_of(first)
        between = sum(self._total(year) for year in range(since, until))
        return (between + self._year(until).before(last) - self._year(since).before(first)) * _SECOND

    def next_opening(self, at: datetime) -> datetime:
        """Return `at` itself (cut to the second) while open, else the next opening; ValueError if none in 200 years."""
        second = _second(at)
        for year in _years_from(second):
            spans = self._year(year)
            i = bisect_right(spans.closes, second)  # the closing moment is closed
            if i < len(spans.opens):
                return _moment(max(second, spans.opens[i]))
        raise ValueError(f"calendar {self.name} does not open within {_YEARS_AHEAD} years of {at.year}")

    def last_open(self, at: datetime) -> datetime:
        """Return `at` itself (cut to the second) while open, else the last open second before; ValueError if none."""
        second = _second(at)
        year = _year_of(second)
        for earlier in range(year, max(year - _YEARS_AHEAD, _FIRST_YEAR) - 1, -1):
            spans = self._year(earlier)
            i = bisect_right(spans.opens, second) - 1
            if i >= 0:
                return _moment(min(second, spans.closes[i] - 1))
        raise ValueError(f"calendar {self.name} was not open within {_YEARS_AHEAD} years before {at.year}")

    def is_open(self, at: datetime) -> bool:
        """Whether the wall clock shows service hours at this moment."""
        second = _second(at)
        spans = self._year(_year_of(second))
        i = bisect_right(spans.opens, second) - 1
        return i >= 0 and second < spans.closes[i]

    def is_provisional(self, a: datetime, b: datetime) -> bool:
        """Whether [a, b) touches a day of a year that the production calendar does not know yet."""
        if self.production is None:
            return False
        last = max(a, b - _SECOND)
        years = range(a.astimezone(self.zone).year, last.astimezone(self.zone).year + 1)
        return any(year not in self.production.sources for year in years)

    def opening_hours_on(self, day: date) -> tuple[Interval, ...]:
        """Return the service hours of a date by the wall clock, earliest first."""
        if day in self.days:
            return self.days[day]
        hours, decreed = self.week[day.weekday()], self.production
        if decreed is None:
            return hours
        if day in decreed.days_off:
            return ()
        if day in decreed.working_weekend_days:
            hours = self._hours_of_working_weekend(day)
        return shortened(hours, _SHORTER) if day in decreed.short_days else hours

    def _hours_of_working_weekend(self, day: date) -> tuple[Interval, ...]:
        """Hours of the nearest earlier working weekday of the week, as a rule Friday's."""
        return next((hours for hours in reversed(self.week[:5]) if hours), self.week[day.weekday()])

    def _total(self, year: int) -> int:
        worked = self._year(year).worked
        return worked[-1] if worked else 0

    def _year(self, year: int) -> _Year:
        """Lay out a year once; two threads that race do the same work and keep one result."""
        if (known := self._years.get(year)) is None:
            known = self._years[year] = _lay_out(self._spans(year))
        return known

    def _spans(self, year: int) -> Iterator[tuple[int, int]]:
        """Open spans of a year of UTC in order: inside one offset from UTC, the wall clock runs straight."""
        for since, until, offset in _offsets(self.zone, year):
            for day in range((since + offset) // _DAY, (until - 1 + offset) // _DAY + 1):
                midnight = day * _DAY - offset
                for opens, closes in self.opening_hours_on(date.fromordinal(day + _EPOCH_ORDINAL)):
                    span = max(since, midnight + opens * 60), min(until, midnight + closes * 60)
                    if span[0] < span[1]:
                        yield span


def _lay_out(spans: Iterator[tuple[int, int]]) -> _Year:
    opens: list[int] = []
    closes: list[int] = []
    for since, until in spans:
        if closes and closes[-1] == since:
            closes[-1] = until
        else:
            opens.append(since)
            closes.append(until)
    return _Year(opens, closes, list(accumulate(map(int.__sub__, closes, opens))))


@lru_cache(maxsize=1_000)
def _offsets(zone: ZoneInfo, year: int) -> list[tuple[int, int, int]]:
    """Split a year of UTC where the zone changes its offset: (since, until, seconds east of UTC).

    Steps of a day miss nothing: the nearest two changes of any zone are 4 days apart (Freetown, 1939).
    """
    start, end = _start_of(year), _start_of(year + 1)
    offsets, since = [], start
    for day in range(start, end, _DAY):
        if _offset(zone, day) != _offset(zone, day + _DAY):
            before = _offset(zone, day)
            change = bisect_left(range(day, day + _DAY), True, key=lambda second: _offset(zone, second) != before)
            offsets.append((since, day + change, before))
            since = day + change
    return [*offsets, (since, end, _offset(zone, end - 1))]


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = _moment(second).astimezone(zone).utcoffset()
    return offset // _SECOND if offset is not None else 0


def _years_from(second: int) -> range:
    year = _year_of(second)
    return range(year, min(year + _YEARS_AHEAD, _LAST_YEAR) + 1)


def _second(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError(f"the moment {moment.isoformat()} has no offset from UTC")
    return (moment - _EPOCH) // _SECOND


def _moment(second: int) -> datetime:
    return _EPOCH + timedelta(seconds=second)


def _year_of(second: int) -> int:
    year = _moment(second).year
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"the year {year} is outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return year


def _start_of(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND
