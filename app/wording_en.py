"""English wording of durations and moments: the twin of app.wording, name for name, for English readers."""

from datetime import datetime, timedelta, tzinfo

from app.wording import NBSP, Deadline

_MINUTE = timedelta(minutes=1)
_LEFT = timedelta(hours=2)
_SOON = timedelta(minutes=30)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def count(n: int, one: str, many: str) -> str:
    """Write the number with its noun: "1 hour", "3 hours"."""
    return f"{n}{NBSP}{one if abs(n) == 1 else many}"


def duration(td: timedelta, parts: int = 2) -> str:
    """Write elapsed time by its largest units, at most `parts` adjacent ones: "1 h 12 min", "2 days 3 h"."""
    minutes = td // _MINUTE
    days, hours = divmod(minutes // 60, 24)
    figures = [count(days, "day", "days"), f"{hours}{NBSP}h", f"{minutes % 60}{NBSP}min"]
    amounts = [days, hours, minutes % 60]
    first = next((i for i, amount in enumerate(amounts) if amount > 0), None)
    if minutes <= 0 or first is None:
        return "less than a minute"
    shown = range(first, min(first + parts, len(amounts)))
    return " ".join(figures[i] for i in shown if amounts[i])


def hours(td: timedelta) -> str:
    """Write working time spent, where a day is no unit: "2 h 10 min", "30 h", "45 min"."""
    whole, minutes = divmod(max(td, timedelta(0)) // _MINUTE, 60)
    written = [f"{whole}{NBSP}h"] if whole else []
    return " ".join(written + [f"{minutes}{NBSP}min"] * bool(minutes)) or "less than a minute"


def work_amount(td: timedelta, round_the_clock: bool = False) -> str:
    """Write an amount of work in full words: "4 working hours 30 minutes", by the clock "2 hours"."""
    hours, minutes = divmod(max(td, timedelta(0)) // _MINUTE, 60)
    working = "" if round_the_clock else "working "
    if not hours and not minutes:
        return f"less than a {working}minute"
    written = [count(hours, f"{working}hour", f"{working}hours")] if hours else []
    if minutes:
        working = "" if hours else working
        written.append(count(minutes, f"{working}minute", f"{working}minutes"))
    return " ".join(written)


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Write the time of the day by the 24-hour clock: "9:05"."""
    local = at.astimezone(zone)
    return f"{local.hour}:{local.minute:02}"


def moment(at: datetime, zone: tzinfo, now: datetime | None = None) -> str:
    """Write "25 November, 11:24", with the year where it is not the year of `now`."""
    local = at.astimezone(zone)
    year = f" {local.year}" if now and now.astimezone(zone).year != local.year else ""
    return f"{local.day}{NBSP}{_MONTHS[local.month - 1]}{year}, {clock_time(at, zone)}"


def moment_short(at: datetime, zone: tzinfo, now: datetime) -> str:
    """Write "today, 11:24", "tomorrow, 9:30", "yesterday, 18:00" or "Thu, 26 Nov, 18:00"."""
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    return f"{day}, {clock_time(at, zone)}" if day else _dated(at, zone, now)


def weekday_time(at: datetime, zone: tzinfo) -> str:
    """Write "Mon 16:40"."""
    return f"{_WEEKDAYS[at.astimezone(zone).weekday()]}{NBSP}{clock_time(at, zone)}"


def weekday_moment(at: datetime, zone: tzinfo, now: datetime) -> str:
    """Write "Mon 16:40" while only one such weekday can be meant (3 days around now), else "Mon, 2 Nov, 16:40"."""
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    return weekday_time(at, zone) if abs(days) <= 3 else _dated(at, zone, now)


def deadline(at: datetime, zone: tzinfo, now: datetime, paused_at: datetime | None = None) -> Deadline:
    """Word a deadline for a reader at `now`; one whose clock stopped at `paused_at` says how long it stands."""
    left = at - now
    if paused_at is not None:
        return Deadline(f"paused {duration(now - paused_at, parts=1)}", "paused")
    if left < timedelta(0):
        return Deadline(f"overdue by {duration(-left)}" if -left >= _MINUTE else "overdue just now", "late")
    if left <= _LEFT:
        return Deadline(f"{duration(left)} left", "left" if left >= _SOON else "soon")
    is_today = at.astimezone(zone).date() == now.astimezone(zone).date()
    return Deadline(f"by {clock_time(at, zone)}" if is_today else _dated(at, zone, now), "calm")


def _dated(at: datetime, zone: tzinfo, now: datetime) -> str:
    local = at.astimezone(zone)
    year = "" if now.astimezone(zone).year == local.year else f" {local.year}"
    day = f"{local.day}{NBSP}{_MONTHS[local.month - 1][:3]}{year}"
    return f"{_WEEKDAYS[local.weekday()]}, {day}, {clock_time(at, zone)}"
