"""Russian wording of counts, durations and moments: the one place that declines a noun or names a day.

Numbers are tied to their words by a no-break space.
"""

from datetime import timedelta

from app import moments
from app.moments import MINUTE, NBSP, Amounts, Moments

WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
SHORT_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")


def plural(n: int, one: str, few: str, many: str) -> str:
    """Choose the form that goes with n: 1 заявка, 2 заявки, 5 заявок, 11 заявок, 21 заявка."""
    tens, units = divmod(abs(n) % 100, 10)
    if tens == 1 or units == 0 or units > 4:
        return many
    return one if units == 1 else few


def count(n: int, one: str, few: str, many: str) -> str:
    """Write the number with its noun: "3 заявки"."""
    return f"{n}{NBSP}{plural(n, one, few, many)}"


def work_amount(td: timedelta, round_the_clock: bool = False) -> str:
    """Write an amount of work in full words: "4 рабочих часа 30 минут", by the clock "2 часа"."""
    hours, minutes = divmod(max(td, timedelta(0)) // MINUTE, 60)
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


_AMOUNTS = Amounts(lambda days: count(days, "день", "дня", "дней"), hour="ч", minute="мин", nothing="меньше минуты")
_MOMENTS = Moments(
    weekdays=WEEKDAYS,
    months=MONTHS,
    short_months=SHORT_MONTHS,
    near={-1: "вчера", 0: "сегодня", 1: "завтра"},
    amount=_AMOUNTS.duration,
    paused="пауза {}",
    late="просрочена на {}",
    just_late="просрочена только что",
    left="осталось {}",
    until="до {}",
)
duration = _AMOUNTS.duration
hours = _AMOUNTS.hours
clock_time = moments.clock_time
moment = _MOMENTS.moment
moment_short = _MOMENTS.moment_short
weekday_time = _MOMENTS.weekday_time
weekday_moment = _MOMENTS.weekday_moment
deadline = _MOMENTS.deadline
