"""Working calendars: the list, the card beside a year, and the story of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app import calendar_use, terms
from app.calendar_specs import WEEKDAYS
from app.calendar_watch import AHEAD
from app.calendars import WorkCalendar
from app.config import settings
from app.extensions import db
from app.models.calendar import CalendarChange, CalendarRecord, CalendarVersion
from app.reading.calendar_year import day_of, hours_shown, kind_words
from app.reading.reader import Reader
from app.translate import _

STORY = 20


@dataclass(frozen=True, slots=True)
class Row:
    """``unknown_year``: the next year that its production calendar has no data for, if that is near."""

    name: str
    zone: str
    production: str
    week: str
    contracts: int
    is_default: bool
    unknown_year: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """``version``: what one may go back to; ``is_current``: nothing came after it."""

    version: int
    words: str
    at: datetime
    author: str
    is_current: bool


def rows(reader: Reader) -> list[Row]:
    """Every calendar by name."""
    today = reader.at.astimezone(reader.zone).date()
    counts, default = calendar_use.contract_counts(today), settings().default_calendar
    calendars = map(terms.calendar_of, db.session.scalars(select(CalendarRecord).order_by(CalendarRecord.name)))
    return [_row(one, counts.get(one.name, 0), reader.at, is_default=one.name == default) for one in calendars]


def week_lines(calendar: WorkCalendar) -> list[tuple[str, str]]:
    """The week in as few lines as it takes: («пн–пт», «9:00–18:00»), («сб, вс», "")."""
    lines: list[tuple[list[int], str]] = []
    for number, hours in enumerate(calendar.week):
        text = hours_shown(hours)
        if lines and lines[-1][1] == text:
            lines[-1][0].append(number)
        else:
            lines.append(([number], text))
    return [(_days(days), text) for days, text in lines]


def weekdays() -> dict[str, str]:
    """Weekdays by their key in a calendar file."""
    words = (_("пн"), _("вт"), _("ср"), _("чт"), _("пт"), _("сб"), _("вс"))
    return dict(zip(WEEKDAYS, words, strict=True))


def story(record: CalendarRecord) -> list[Change]:
    """The last changes, newest first."""
    columns = (
        CalendarVersion.version, CalendarVersion.kind, CalendarVersion.data, CalendarVersion.at,
        CalendarVersion.actor_name,
    )  # fmt: skip
    query = select(*columns).where(CalendarVersion.calendar == record.name).order_by(CalendarVersion.version.desc())
    return [
        Change(version, _words(kind, data), at, author, version == record.version)
        for version, kind, data, at, author in db.session.execute(query.limit(STORY))
    ]


def near_unknown_year(calendar: WorkCalendar, at: datetime) -> int | None:
    """The year that begins within thirty days, or has begun, without data of the production calendar."""
    year = (at + AHEAD).astimezone(calendar.zone).year
    return year if calendar.production and year not in calendar.production.sources else None


def day_in_words(calendar: WorkCalendar, day: date) -> str:
    """«короче на час, 9:00–17:00. День России»."""
    shown = day_of(calendar, day)
    words = ", ".join(part for part in (kind_words()[shown.kind], shown.hours) if part)
    return f"{words}. {shown.why}" if shown.why else words


def shown_day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _row(calendar: WorkCalendar, contracts: int, at: datetime, *, is_default: bool) -> Row:
    week = "; ".join(f"{days} {hours}" for days, hours in week_lines(calendar) if hours)
    code = calendar.production.code if calendar.production else ""
    return Row(calendar.name, calendar.zone.key, code, week, contracts, is_default, near_unknown_year(calendar, at))


def _days(numbers: list[int]) -> str:
    words = list(weekdays().values())
    if len(numbers) > 2:
        return f"{words[numbers[0]]}–{words[numbers[-1]]}"
    return ", ".join(words[number] for number in numbers)


def _words(kind: CalendarChange, data: dict[str, Any]) -> str:
    match kind:
        case CalendarChange.SHIPPED:
            return _("Календарь, с которым начали")
        case CalendarChange.MADE:
            return _("Создан по образцу %(name)s", name=data.get("from", ""))
        case CalendarChange.WEEK:
            return _("Изменены часы недели или пояс")
        case CalendarChange.DAYS:
            return _("Изменены дни: %(days)s", days=_span(data.get("days", [])))
        case CalendarChange.IMPORTED:
            return _("Загружен из файла")
        case CalendarChange.RESTORED:
            return _("Возвращена версия %(version)s", version=data.get("from", ""))
        case CalendarChange.DECREED:
            return _("Прочитан производственный календарь")


def _span(days: list[str]) -> str:
    shown = [shown_day(date.fromisoformat(day)) for day in days]
    return "–".join(dict.fromkeys([shown[0], shown[-1]])) if shown else ""
