"""Russian wording of counts, durations and moments: the one place that declines a noun or names a day.

Numbers are tied to their words by a no-break space. Moments are shown in the zone given, by the
24-hour clock without a leading zero; what is smaller than a minute is cut.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

NBSP = "\u00a0"

Tone = Literal["calm", "left", "soon", "late", "paused"]

_MINUTE = timedelta(minutes=1)
_LEFT = timedelta(hours=2)
_SOON = timedelta(minutes=30)
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
SHORT_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as one reads it now: its text and the tone to show it in (DESIGN: Deadline)."""

    text: str
    tone: Tone


def plural(n: int, one: str, few: str, many: str) -> str:
    """Choose the form that goes with n: 1 заявка, 2 заявки, 5 заявок, 11 заявок, 21 заявка."""
    tens, units = divmod(abs(n) % 100, 10)
    if tens == 1 or units == 0 or units > 4:
        return many
    return one if units == 1 else few


def count(n: int, one: str, few: str, many: str) -> str:
    """Write the number with its noun: "3 заявки"."""
    return f"{n}{NBSP}{plural(n, one, few, many)}"


def duration(td: timedelta, parts: int = 2) -> str:
    """Write elapsed time by its largest units, at most `parts` adjacent ones: "1 ч 12 мин", "2 дня 3 ч"."""
    minutes = td // _MINUTE
    days, hours = divmod(minutes // 60, 24)
    figures = [count(days, "день", "дня", "дней"), f"{hours}{NBSP}ч", f"{minutes % 60}{NBSP}мин"]
    amounts = [days, hours, minutes % 60]
    first = next((i for i, amount in enumerate(amounts) if amount > 0), None)
    if minutes <= 0 or first is None:
        return "меньше минуты"
    shown = range(first, min(first + parts, len(amounts)))
    return " ".join(figures[i] for i in shown if amounts[i])


def hours(td: timedelta) -> str:
    """Write working time spent, where a day is no unit: "2 ч 10 мин", "30 ч", "45 мин"."""
    whole, minutes = divmod(max(td, timedelta(0)) // _MINUTE, 60)
    written = [f"{whole}{NBSP}ч"] if whole else []
    return " ".join(written + [f"{minutes}{NBSP}мин"] * bool(minutes)) or "меньше минуты"


def work_amount(td: timedelta, round_the_clock: bool = False) -> str:
    """Write an amount of work in full words: "4 рабочих часа 30 минут", by the clock "2 часа"."""
    hours, minutes = divmod(max(td, timedelta(0)) // _MINUTE, 60)
    if not hours and not minutes:
        return "меньше минуты" if round_the_clock else "меньше рабочей минуты"
    written = []
    if hours:
        working = "" if round_the_clock else plural(hours, "рабочий ", "рабочих ", "рабочих ")
        written.append(count(hours, f"{working}час", f"{working}часа", f"{working}часов"))
    if minutes:
        bare = round_the_clock or bool(hours)
        working = "" if bare else plural(minutes, "рабочая ", "рабочие ", "рабочих ")
        written.append(count(minutes, f"{working}минута", f"{working}минуты", f"{working}минут"))
    return " ".join(written)


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Write the time of the day: "9:05"."""
    local = at.astimezone(zone)
    return f"{local.hour}:{local.minute:02}"


def moment(at: datetime, zone: tzinfo, now: datetime | None = None) -> str:
    """Write "25 ноября, 11:24", with the year where it is not the year of `now`."""
    local = at.astimezone(zone)
    year = f" {local.year}" if now and now.astimezone(zone).year != local.year else ""
    return f"{local.day}{NBSP}{MONTHS[local.month - 1]}{year}, {clock_time(at, zone)}"


def moment_short(at: datetime, zone: tzinfo, now: datetime) -> str:
    """Write "сегодня, 11:24", "завтра, 9:30", "вчера, 18:00" or "чт, 26 ноя, 18:00"."""
    day = _near_day(at, zone, now)
    return f"{day}, {clock_time(at, zone)}" if day else _dated(at, zone, now)


def weekday_time(at: datetime, zone: tzinfo) -> str:
    """Write "пн 16:40"."""
    return f"{WEEKDAYS[at.astimezone(zone).weekday()]}{NBSP}{clock_time(at, zone)}"


def weekday_moment(at: datetime, zone: tzinfo, now: datetime) -> str:
    """Write "пн 16:40" while only one such weekday can be meant (3 days around now), else "пн, 2 ноя, 16:40"."""
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    return weekday_time(at, zone) if abs(days) <= 3 else _dated(at, zone, now)


def deadline(at: datetime, zone: tzinfo, now: datetime, paused_at: datetime | None = None) -> Deadline:
    """Word a deadline for a reader at `now`; one whose clock stopped at `paused_at` says how long it stands."""
    left = at - now
    if paused_at is not None:
        return Deadline(f"пауза {duration(now - paused_at, parts=1)}", "paused")
    if left < timedelta(0):
        late = f"просрочена на {duration(-left)}" if -left >= _MINUTE else "просрочена только что"
        return Deadline(late, "late")
    if left <= _LEFT:
        return Deadline(f"осталось {duration(left)}", "left" if left >= _SOON else "soon")
    is_today = at.astimezone(zone).date() == now.astimezone(zone).date()
    return Deadline(f"до {clock_time(at, zone)}" if is_today else _dated(at, zone, now), "calm")


def _near_day(at: datetime, zone: tzinfo, now: datetime) -> str | None:
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    return {-1: "вчера", 0: "сегодня", 1: "завтра"}.get(days)


def _dated(at: datetime, zone: tzinfo, now: datetime) -> str:
    local = at.astimezone(zone)
    year = "" if now.astimezone(zone).year == local.year else f" {local.year}"
    day = f"{local.day}{NBSP}{SHORT_MONTHS[local.month - 1]}{year}"
    return f"{WEEKDAYS[local.weekday()]}, {day}, {clock_time(at, zone)}"
