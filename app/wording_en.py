"""English wording of durations and moments: the twin of app.wording, name for name, for English readers."""

from datetime import timedelta

from app import moments
from app.moments import MINUTE, NBSP, Amounts, Moments

_MONTHS = "January February March April May June July August September October November December".split()


def count(n: int, one: str, many: str) -> str:
    """Write the number with its noun: "1 hour", "3 hours"."""
    return f"{n}{NBSP}{one if abs(n) == 1 else many}"


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


_AMOUNTS = Amounts(lambda days: count(days, "day", "days"), hour="h", minute="min", nothing="less than a minute")
_MOMENTS = Moments(
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=_MONTHS,
    short_months=[month[:3] for month in _MONTHS],
    near={-1: "yesterday", 0: "today", 1: "tomorrow"},
    amount=_AMOUNTS.duration,
    paused="paused {}",
    late="overdue by {}",
    just_late="overdue just now",
    left="{} left",
    until="by {}",
)
duration = _AMOUNTS.duration
hours = _AMOUNTS.hours
clock_time = moments.clock_time
moment = _MOMENTS.moment
moment_short = _MOMENTS.moment_short
weekday_time = _MOMENTS.weekday_time
weekday_moment = _MOMENTS.weekday_moment
deadline = _MOMENTS.deadline
