"""How reports word their spans of days, shares and amounts."""

from __future__ import annotations

from datetime import date, timedelta

from app import wording
from app.moments import NBSP
from app.reports.period import Named, Period
from app.wording import MONTHS, SHORT_MONTHS

_NAMES = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()
_IN = "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре".split()
_ROMAN = ("I", "II", "III", "IV")


def span(first: date, last: date) -> str:
    """«1–25 ноября 2026», «28 октября – 3 ноября 2026», «25 декабря 2025 – 8 января 2026»."""
    end = f"{last.day}{NBSP}{MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = f"{first.day}{NBSP}{MONTHS[first.month - 1]}"
    return f"{start} – {end}" if first.year == last.year else f"{start} {first.year} – {end}"


def short_span(first: date, last: date) -> str:
    """«2–8 ноя», «30 окт – 1 ноя», «25 ноя»."""
    end = f"{last.day}{NBSP}{SHORT_MONTHS[last.month - 1]}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{first.day}{NBSP}{SHORT_MONTHS[first.month - 1]}{NBSP}– {end}"


def day(at: date) -> str:
    """«9 ноября»."""
    return f"{at.day}{NBSP}{MONTHS[at.month - 1]}"


def month(at: date) -> str:
    """«ноя 2026»."""
    return f"{_NAMES[at.month - 1][:3]} {at.year}"


def quarter(at: date) -> str:
    """«IV кв. 2026»."""
    return f"{_ROMAN[(at.month - 1) // 3]}{NBSP}кв.{NBSP}{at.year}"


def before(period: Period, earlier: Period) -> str:
    """What the period is compared with, to go before «было»: «в октябре», «неделей раньше»."""
    if earlier.first == period.year_ago().first and earlier.last == period.year_ago().last:
        return "годом раньше"
    match period.named:
        case Named.MONTH | Named.LAST_MONTH:
            return f"в{NBSP}{_IN[earlier.first.month - 1]}"
        case Named.WEEK | Named.LAST_WEEK:
            return "неделей раньше"
        case Named.QUARTER | Named.LAST_QUARTER:
            return f"в{NBSP}{_ROMAN[(earlier.first.month - 1) // 3]}{NBSP}квартале"
        case Named.YEAR:
            return f"в{NBSP}{earlier.first.year}{NBSP}году"
    return f"{short_span(earlier.first, earlier.last)}"


def percent(share: float, digits: int = 0) -> str:
    """«94,2 %»; what is not whole is never rounded up to 100."""
    shown = round(share * 100, digits)
    if share < 1 and shown >= 100:
        shown = 100 - 10**-digits if digits else 99
    if share in {0, 1}:
        digits = 0
    return f"{shown:.{digits}f}".replace(".", ",") + f"{NBSP}%"


def figure(number: float) -> str:
    """«4,6»."""
    return f"{number:.1f}".replace(".", ",")


def whole(number: int) -> str:
    """«26 620»."""
    return f"{number:,}".replace(",", NBSP)


def requests(number: int) -> str:
    return f"{whole(number)}{NBSP}{wording.plural(number, 'заявка', 'заявки', 'заявок')}"


def amount(time: timedelta | None) -> str:
    """«2 ч 58 мин», in working time: a day is no unit."""
    return "нет" if time is None else wording.hours(time)


def seconds(work: int) -> str:
    """The same of whole seconds."""
    return amount(timedelta(seconds=work))
