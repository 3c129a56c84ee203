"""The report of a period as its page shows it: figures read, compared, worded, and laid out for the charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.calendars import WorkCalendar
from app.reading import report_charts as charts
from app.reading import report_parts as parts
from app.reading import report_words as words
from app.reports import load as loads
from app.reports import overview as overviews
from app.reports.court import Court, court
from app.reports.glance import glance
from app.reports.lists import Figure
from app.reports.load import Load
from app.reports.overview import Overview
from app.reports.period import Named, Period
from app.reports.scope import Scope
from app.reports.spread import Spread
from app.reports.tables import Line
from app.terms import desk_calendar

MOST_COMPANIES = 5
Days = Callable[[Figure, date, date], str]  # where the requests of a figure in some days are listed
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Report:
    title: str
    overview: Overview
    before: Overview | None
    before_words: str
    load: Load
    parts: list[parts.Part]
    columns: charts.Columns
    hours: charts.Columns
    answers: charts.Stretches
    solutions: charts.Stretches
    court: Court
    companies: list[Line]
    rest: Line | None
    rest_count: int
    engineers: list[Line]
    is_measured: bool
    work_hours: tuple[float, float] | None  # where the working day is shaded: x and width in percent


def report(
    period: Period, before: Period | None, scope: Scope, at: datetime, day_link: Days, hour_link: Callable[[int], str]
) -> Report:
    load = loads.load(period, scope)
    calendar = desk_calendar()
    columns, rows = parts.for_columns(period), parts.for_rows(period)
    seen = glance(period, scope, [period.part(first, last).end for first, last in rows], MOST_COMPANIES)
    return Report(
        title=words.span(period.first, period.last),
        overview=seen.overview,
        before=overviews.overview(before, scope) if before else None,
        before_words=words.before(period, before) if before else "",
        load=load,
        parts=columns,
        columns=_days(period, columns, load, calendar, at, day_link),
        hours=_hours(load, hour_link),
        answers=_stretches(rows, seen.answers, Figure.ANSWERED, day_link),
        solutions=_stretches(rows, seen.solutions, Figure.MEASURED, day_link),
        court=court(period, scope),
        companies=seen.largest,
        rest=seen.rest,
        rest_count=seen.rest_count,
        engineers=by_name(seen.engineers),
        is_measured=overviews.is_measured(),
        work_hours=_work_hours(calendar),
    )


def by_name(lines: list[Line]) -> list[Line]:
    """By name, those without one last: a report is no ranking."""
    return sorted(lines, key=lambda line: (line.key is None, line.name.casefold()))


def _days(
    period: Period, cut: list[parts.Part], load: Load, calendar: WorkCalendar, at: datetime, link: Days
) -> charts.Columns:
    today = at.astimezone(period.zone).date()
    is_daily = all(first == last for first, last in cut)
    shown = [*cut, *_still_to_come(period)] if is_daily else cut
    one_month = is_daily and (period.first.month, period.first.year) == (period.last.month, period.last.year)
    named_each = -(-len(shown) // 31) if is_daily else -(-len(shown) // 14)
    columns = []
    for number, (first, last) in enumerate(shown):
        value, red = _sum(load.days, first, last), _sum(load.broken, first, last)
        is_free = is_daily and not calendar.worked(*_ends(first, period))
        tone = "future" if first > today else "pale" if is_free else ""
        told = f"{words.day(first) if is_daily else words.span(first, last)}: {words.requests(value)}"
        told += f", просрочено {words.whole(red)}" if red else ""
        label = str(first.day) if one_month else parts.label((first, last))
        href = link(Figure.CAME, first, last) if value else ""
        columns.append(charts.Column(label, value, told, red, tone, href, number % named_each == 0))
    return charts.columns(columns)


def _still_to_come(period: Period) -> list[parts.Part]:
    """The rest of this month, pale, as one expects of a month's picture."""
    if period.named is not Named.MONTH:
        return []
    found, day = [], period.last + _DAY
    while day.month == period.last.month:
        found.append((day, day))
        day += _DAY
    return found


def _ends(day: date, period: Period) -> tuple[datetime, datetime]:
    one = period.part(day, day)
    return one.start, one.end


def _sum(days: dict[date, int], first: date, last: date) -> int:
    return sum(many for day, many in days.items() if first <= day <= last)


def _hours(load: Load, link: Callable[[int], str]) -> charts.Columns:
    most = max(load.hours.values(), default=0)
    columns = []
    for hour in range(24):
        many = load.hours[hour]
        told = f"с {hour}:00 до {hour + 1}:00: {words.requests(many)}"
        tone = "most" if many and many == most else ""
        columns.append(charts.Column(str(hour), many, told, 0, tone, link(hour) if many else "", hour % 3 == 0))
    return charts.columns(columns, left=0)


def _work_hours(calendar: WorkCalendar) -> tuple[float, float] | None:
    spans = [span for day in calendar.week[:5] for span in day]
    if not spans:
        return None
    opens, closes = min(span.opens for span in spans), max(span.closes for span in spans)
    return round(opens / 14.4, 2), round((closes - opens) / 14.4, 2)


def _stretches(rows: list[parts.Part], found: list[Spread], figure: Figure, link: Days) -> charts.Stretches:
    return charts.stretches(
        [(parts.label(part), one, link(figure, *part)) for part, one in zip(rows, found, strict=True)]
    )
