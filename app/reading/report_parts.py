"""A period cut into days, weeks, months, quarters or years, as far as a chart can show them."""

from __future__ import annotations

from datetime import date, timedelta

from app.reading import report_words as words
from app.reports.period import Period

_DAY = timedelta(days=1)
Part = tuple[date, date]


def for_columns(period: Period) -> list[Part]:
    """At most about 45 columns."""
    days = period.days
    unit = "day" if days <= 45 else "week" if days <= 200 else "month" if days <= 1300 else "quarter"
    return cut(period, unit)


def for_rows(period: Period) -> list[Part]:
    """At most about 15 rows."""
    days = period.days
    if days <= 10:
        return cut(period, "day")
    return cut(period, "week" if days <= 100 else "month" if days <= 400 else "quarter" if days <= 1300 else "year")


def cut(period: Period, unit: str) -> list[Part]:
    """The parts in order; the first and the last may be shorter."""
    parts: list[Part] = []
    first = period.first
    while first <= period.last:
        following = _next(first, unit)
        parts.append((first, min(following - _DAY, period.last)))
        first = following
    return parts


def label(part: Part) -> str:
    """«2–8 ноя», «ноя 2026», «IV кв. 2026», «2026»."""
    first, last = part
    if first == last:
        return words.short_span(first, last)
    after = last + _DAY
    if first.day == 1 and after.day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        if months == 1:
            return words.month(first)
        if months == 3 and first.month % 3 == 1:
            return words.quarter(first)
        if months == 12 and first.month == 1:
            return str(first.year)
    return words.short_span(first, last) if last.year == first.year else words.span(first, last)


def _next(day: date, unit: str) -> date:
    if unit == "day":
        return day + _DAY
    if unit == "week":
        return day + timedelta(days=7 - day.weekday())
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    index = day.year * 12 + day.month - 1
    index = (index // months + 1) * months
    return date(index // 12, index % 12 + 1, 1)
