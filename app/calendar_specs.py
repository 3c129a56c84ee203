"""The calendar as a file: reads its JSON form into checked parts, and refuses a bad one naming the place."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from app.production_calendars import CODES, ProductionCalendar, production_calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_KEYS = frozenset({"name", "time_zone", "production_calendar", "week", "days"})
_NAME = re.compile(r"\w[\w .-]{0,59}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
_DAY = 24 * 60


class Interval(NamedTuple):
    """A half-open span of the wall clock, in minutes since midnight; 1440 is 24:00."""

    opens: int
    closes: int

    def as_text(self) -> list[str]:
        """Write the interval as the file does: ["09:00", "18:00"]."""
        return [f"{minute // 60:02}:{minute % 60:02}" for minute in self]


@dataclass(frozen=True, slots=True)
class Spec:
    """The checked parts of a calendar file; `week` holds seven days from Monday."""

    name: str
    zone: ZoneInfo
    production: ProductionCalendar | None
    week: tuple[tuple[Interval, ...], ...]
    days: dict[date, tuple[Interval, ...]]


def read_spec(spec: object) -> Spec:
    """Check a calendar file's JSON value and return its parts; raise ValueError naming the first bad place."""
    fields = _object(spec, "the calendar", _KEYS)
    for key in ("name", "time_zone", "week"):
        if key not in fields:
            raise ValueError(f"the calendar has no {key}")
    week = _object(fields["week"], "week", frozenset(WEEKDAYS))
    days = _object(fields.get("days", {}), "days")
    read = Spec(
        name=_name(fields["name"]),
        zone=_zone(fields["time_zone"]),
        production=_production(fields.get("production_calendar")),
        week=tuple(_intervals(week.get(day, []), f"week.{day}") for day in WEEKDAYS),
        days={_date(day): _intervals(value, f"days.{day}") for day, value in days.items()},
    )
    if not any(read.week) and not any(read.days.values()):
        raise ValueError("week: this calendar is never open, a promise by it could never come due")
    return read


def json_value(text: str | bytes) -> Any:
    """Read JSON, refusing a key that stands twice, where json would silently keep the last; bytes are UTF-8."""
    plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    return json.loads(plain, object_pairs_hook=_unique)


def shortened(hours: tuple[Interval, ...], minutes: int) -> tuple[Interval, ...]:
    """Take minutes from the end of the day; an interval that they use up falls away."""
    kept = list(hours)
    while kept and minutes:
        opens, closes = kept.pop()
        taken = min(minutes, closes - opens)
        minutes -= taken
        if closes - taken > opens:
            kept.append(Interval(opens, closes - taken))
    return tuple(kept)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ValueError(f"the key {twice!r} stands twice")
    return read


def _object(value: object, place: str, keys: frozenset[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{place} must be an object with keys in braces")  # noqa: TRY004 - every mistake of a file is a ValueError
    for key in value:
        if keys is not None and key not in keys:
            raise ValueError(f"{place}: unknown key {key!r}, known are {', '.join(sorted(keys))}")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError(f"name: {value!r} must be 1 to 60 letters, digits, dots, dashes or spaces")
    return value


def _zone(value: object) -> ZoneInfo:
    if not isinstance(value, str) or value not in available_timezones():
        raise ValueError(f"time_zone: unknown zone {value!r}, write it like Europe/Moscow")
    return ZoneInfo(value)


def _production(value: object) -> ProductionCalendar | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in CODES:
        raise ValueError(f"production_calendar: unknown {value!r}, known are {', '.join(sorted(CODES))}")
    return production_calendar(value)


def _date(key: object) -> date:
    try:
        if isinstance(key, str) and _DATE.fullmatch(key):
            return date.fromisoformat(key)
    except ValueError:
        pass
    raise ValueError(f"days: {key!r} is not a date, write it like 2026-12-31")


def _intervals(value: object, place: str) -> tuple[Interval, ...]:
    if not isinstance(value, list):
        raise ValueError(f'{place} must be a list of intervals like [["09:00", "18:00"]]')  # noqa: TRY004 - as above
    intervals = sorted(_interval(pair, place) for pair in value)
    for earlier, later in pairwise(intervals):
        if later.opens < earlier.closes:
            raise ValueError(f"{place}: {_span(earlier)} and {_span(later)} overlap")
    return tuple(intervals)


def _interval(pair: object, place: str) -> Interval:
    if not isinstance(pair, list) or len(pair) != 2:
        raise ValueError(f'{place}: {pair!r} is not an interval like ["09:00", "18:00"]')
    interval = Interval(_minute(pair[0], place), _minute(pair[1], place))
    if interval.closes <= interval.opens:
        raise ValueError(
            f"{place}: {_span(interval)} runs backward; a night shift is two intervals, to 24:00 and from 00:00"
        )
    return interval


def _minute(value: object, place: str) -> int:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    minute = int(found[1]) * 60 + int(found[2]) if found else _DAY + 1
    if minute > _DAY:
        raise ValueError(f"{place}: {value!r} is not a time from 00:00 to 24:00")
    return minute


def _span(interval: Interval) -> str:
    return "-".join(interval.as_text())
