"""Forms of calendars: hours as people write them, checked field by field; and a file's refusals in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from app.calendar_edits import Hours
from app.calendar_specs import WEEKDAYS
from app.errors import IntakeRejected
from app.reading.calendar_year import FIRST_YEAR, LAST_YEAR
from app.web.translate import _

MOST_DAYS = 366
_NAME = re.compile(r"\w[\w .-]{0,59}")
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|до|to)\s*(\d{1,2})(?:[:.](\d{2}))?")
_CLOSED = frozenset(("", "-", "–", "—", "выходной", "закрыто", "closed", "off"))
_ALWAYS = frozenset(("круглосуточно", "24 часа", "round the clock"))
_LAST_MINUTE = 24 * 60


def checked_name(typed: Mapping[str, str]) -> str:
    name = " ".join(typed.get("name", "").split())
    if not _NAME.fullmatch(name):
        raise IntakeRejected({"name": _("Имя: от 1 до 60 букв, цифр, точек, дефисов и пробелов. Пример: spb-5x9")})
    return name


def checked_week(typed: Mapping[str, str]) -> dict[str, Any]:
    """``time_zone``, ``production_calendar`` and ``week`` as in a calendar file; IntakeRejected names each wrong."""
    errors: dict[str, str] = {}
    week = {day: _hours(typed, day, errors) for day in WEEKDAYS}
    zone = typed.get("time_zone", "").strip()
    if zone not in available_timezones():
        errors["time_zone"] = _("Такого пояса нет. Пример: Europe/Moscow")
    if not errors and not any(week.values()):
        errors["mon"] = never_open()
    if errors:
        raise IntakeRejected(errors)
    return {"time_zone": zone, "production_calendar": "RU" if typed.get("production") else None, "week": week}


def checked_days(typed: Mapping[str, str]) -> tuple[list[date], Hours | None]:
    """The days from ``since`` to ``until``, and their hours: [] closes them, None lets them be as usual."""
    errors: dict[str, str] = {}
    since = _day(typed, "since", errors)
    until = _day(typed, "until", errors) if typed.get("until", "").strip() else since
    if since and until and not errors:
        if until < since:
            errors["until"] = _("Последний день раньше первого.")
        elif until - since >= timedelta(days=MOST_DAYS):
            errors["until"] = _("За один раз меняют не больше года.")
    how, hours = typed.get("how", ""), None
    if how == "hours":
        hours = _hours(typed, "hours", errors)
        if not hours and "hours" not in errors:
            errors["hours"] = _("Напишите часы. Пример: %(example)s", example="9:00–13:00, 14:00–18:00")
    elif how == "off":
        hours = []
    elif how != "usual":
        errors["how"] = _("Выберите, какими будут эти дни.")
    if errors or since is None or until is None:
        raise IntakeRejected(errors)
    return [since + timedelta(days=number) for number in range((until - since).days + 1)], hours


def never_open() -> str:
    return _("Календарь без рабочего времени: срок по нему никогда не наступит. Напишите часы хотя бы одного дня.")


def parsed_hours(text: str) -> Hours:
    """«9-13, 14:00–18:30» as a calendar file has it; a ValueError is a sentence for the writer."""
    plain = " ".join(text.split()).strip(" ,;.").lower()
    if plain in _CLOSED:
        return []
    if plain in _ALWAYS:
        return [["00:00", "24:00"]]
    spans = sorted(_span(part) for part in re.split(r"\s*[,;]\s*", plain))
    for earlier, later in pairwise(spans):
        if later[0] < earlier[1]:
            first, second = _shown(earlier), _shown(later)
            raise ValueError(_("Промежутки %(first)s и %(second)s пересекаются.", first=first, second=second))
    return [[f"{minute // 60:02}:{minute % 60:02}" for minute in span] for span in spans]


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(_("Не похоже на часы. Пример: %(example)s", example="9:00–13:00, 14:00–18:00"))
    opens, closes = (int(found[at]) * 60 + int(found[at + 1] or 0) for at in (1, 3))
    if max(opens, closes) > _LAST_MINUTE or max(int(found[2] or 0), int(found[4] or 0)) > 59:
        raise ValueError(_("Такого времени нет: в сутках от 0:00 до 24:00."))
    if closes <= opens:
        raise ValueError(_("Конец раньше начала. Ночную смену запишите по дням: до 24:00 в один и с 0:00 в следующий."))
    return opens, closes


def _hours(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> Hours:
    try:
        return parsed_hours(typed.get(name, ""))
    except ValueError as error:
        errors[name] = str(error)
        return []


def day_of(text: str) -> date | None:
    """A date as a browser or a person writes it, within the years that are shown; None for anything else."""
    plain = text.strip()
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", plain):
        plain = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    try:
        day = date.fromisoformat(plain)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _day(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    day = day_of(typed.get(name, ""))
    if day is None:
        errors[name] = _("Такого дня нет. Пример: %(example)s", example="31.12.2026")
    return day


def _shown(span: tuple[int, int]) -> str:
    return "–".join(f"{minute // 60}:{minute % 60:02}" for minute in span)
