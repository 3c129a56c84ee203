"""How moments and amounts of time are told, whatever the language: when a day has a name, how near a deadline is.

Moments are shown in the zone given, by the 24-hour clock without a leading zero; what is smaller than a minute is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

NBSP = "\u00a0"  # ties a number to its word
MINUTE = timedelta(minutes=1)

Tone = Literal["calm", "left", "soon", "late", "paused"]

_LEFT = timedelta(hours=2)
_SOON = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as one reads it now: its text and the tone to show it in (DESIGN: Deadline)."""

    text: str
    tone: Tone


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Write the time of the day: "9:05"."""
    local = at.astimezone(zone)
    return f"{local.hour}:{local.minute:02}"


@dataclass(frozen=True, slots=True)
class Amounts:
    """How one language writes time that passes. ``days``: writes a number of them; the others are abbreviations."""

    days: Callable[[int], str]
    hour: str
    minute: str
    nothing: str

    def duration(self, td: timedelta, parts: int = 2) -> str:
        """Write elapsed time by its largest units, at most `parts` adjacent ones: "1 ч 12 мин", "2 дня 3 ч"."""
        minutes = td // MINUTE
        amounts = [minutes // 1440, minutes // 60 % 24, minutes % 60]
        first = next((i for i, amount in enumerate(amounts) if amount > 0), None)
        if minutes <= 0 or first is None:
            return self.nothing
        written = (self.days(amounts[0]), f"{amounts[1]}{NBSP}{self.hour}", f"{amounts[2]}{NBSP}{self.minute}")
        return " ".join(written[i] for i in range(first, min(first + parts, 3)) if amounts[i])

    def hours(self, td: timedelta) -> str:
        """Write working time spent, where a day is no unit: "2 ч 10 мин", "30 ч", "45 мин"."""
        whole, minutes = divmod(max(td, timedelta(0)) // MINUTE, 60)
        written = [f"{whole}{NBSP}{self.hour}"] if whole else []
        return " ".join(written + [f"{minutes}{NBSP}{self.minute}"] * bool(minutes)) or self.nothing


@dataclass(frozen=True, slots=True)
class Moments:
    """The words of one language. ``near``: yesterday, today, tomorrow; ``{}`` stands for an amount or a time of day."""

    weekdays: Sequence[str]
    months: Sequence[str]
    short_months: Sequence[str]
    near: Mapping[int, str]
    amount: Callable[..., str]
    paused: str
    late: str
    just_late: str
    left: str
    until: str

    def moment(self, at: datetime, zone: tzinfo, now: datetime | None = None) -> str:
        """Write "25 ноября, 11:24", with the year where it is not the year of `now`."""
        local = at.astimezone(zone)
        year = f" {local.year}" if now and now.astimezone(zone).year != local.year else ""
        return f"{local.day}{NBSP}{self.months[local.month - 1]}{year}, {clock_time(at, zone)}"

    def moment_short(self, at: datetime, zone: tzinfo, now: datetime) -> str:
        """Write "сегодня, 11:24", "завтра, 9:30", "вчера, 18:00" or "чт, 26 ноя, 18:00"."""
        day = self.near.get(_days_between(at, zone, now))
        return f"{day}, {clock_time(at, zone)}" if day else self._dated(at, zone, now)

    def weekday_time(self, at: datetime, zone: tzinfo) -> str:
        """Write "пн 16:40"."""
        return f"{self.weekdays[at.astimezone(zone).weekday()]}{NBSP}{clock_time(at, zone)}"

    def weekday_moment(self, at: datetime, zone: tzinfo, now: datetime) -> str:
        """Write "пн 16:40" while only one such weekday can be meant (3 days around now), else "пн, 2 ноя, 16:40"."""
        is_near = abs(_days_between(at, zone, now)) <= 3
        return self.weekday_time(at, zone) if is_near else self._dated(at, zone, now)

    def deadline(self, at: datetime, zone: tzinfo, now: datetime, paused_at: datetime | None = None) -> Deadline:
        """Word a deadline for a reader at `now`; one whose clock stopped at `paused_at` says how long it stands."""
        left = at - now
        if paused_at is not None:
            return Deadline(self.paused.format(self.amount(now - paused_at, parts=1)), "paused")
        if left < timedelta(0):
            return Deadline(self.late.format(self.amount(-left)) if -left >= MINUTE else self.just_late, "late")
        if left <= _LEFT:
            return Deadline(self.left.format(self.amount(left)), "left" if left >= _SOON else "soon")
        is_today = _days_between(at, zone, now) == 0
        return Deadline(self.until.format(clock_time(at, zone)) if is_today else self._dated(at, zone, now), "calm")

    def _dated(self, at: datetime, zone: tzinfo, now: datetime) -> str:
        local = at.astimezone(zone)
        year = "" if now.astimezone(zone).year == local.year else f" {local.year}"
        day = f"{local.day}{NBSP}{self.short_months[local.month - 1]}{year}"
        return f"{self.weekdays[local.weekday()]}, {day}, {clock_time(at, zone)}"


def _days_between(at: datetime, zone: tzinfo, now: datetime) -> int:
    return (at.astimezone(zone).date() - now.astimezone(zone).date()).days
