"""English wording of durations and moments: the twin of app.wording, name for name, for English readers."""

from datetime import timedelta

from app import moments
from app.moments import MINUTE, NBSP, Moments

_MONTHS = "January February March April May June July August September October November December".split()


def count(n: int, one: str, many: str) -> str:
    """Write the number with its noun: "1 hour", "3 hours"."""
    return f"{n}{NBSP}{one if abs(n) == 1 else many}"


def duration(td: timedelta, parts: int = 2) -> str:
    """Write elapsed time by its largest units, at most `parts` adjacent ones: "1 h 12 min", "2 days 3 h"."""
    minutes = td // MINUTE
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
    whole, minutes = divmod(max(td, timedelta(0)) // MINUTE, 60)
    written = [f"{whole}{NBSP}h"] if whole else []
    return " ".join(written + [f"{minutes}{NBSP}min"] * bool(minutes)) or "less than a minute"


def work_amount(td: timedelta, round_the_clock: bool = False) -> str:
    """Write an amount of work in full words: "4 working hours 30 minutes", by the clock "2 hours"."""
    hours, minutes = divmod(max(td, timedelta(0)) // MINUTE, 60)
    working = "" if round_the_clock else "working "
    if not hours and not minutes:
        return f"less than a {working}minute"
    written = [count(hours, f"{working}hour", f"{working}hours")] if hours else []
    if minutes:
        working = "" if hours else working
        written.append(count(minutes, f"{working}minute", f"{working}minutes"))
    return " ".join(written)


_MOMENTS = Moments(
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=_MONTHS,
    short_months=[month[:3] for month in _MONTHS],
    near={-1: "yesterday", 0: "today", 1: "tomorrow"},
    amount=duration,
    paused="paused {}",
    late="overdue by {}",
    just_late="overdue just now",
    left="{} left",
    until="by {}",
)
clock_time = moments.clock_time
moment = _MOMENTS.moment
moment_short = _MOMENTS.moment_short
weekday_time = _MOMENTS.weekday_time
weekday_moment = _MOMENTS.weekday_moment
deadline = _MOMENTS.deadline
