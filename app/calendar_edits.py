"""Edits of working calendars by staff, each a new version that one may go back from; given promises stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.actor import Actor
from app.calendar_specs import json_value
from app.calendar_versions import checked, keep_calendar, locked, renew
from app.errors import IllegalMove, IntakeRejected, NotFound
from app.extensions import db
from app.models.calendar import CalendarChange, CalendarRecord, CalendarVersion
from app.production_calendars import with_shipped_year
from app.translate import _

Hours = list[list[str]]


def make(name: str, like: str, by: Actor, at: datetime) -> CalendarRecord:
    """A new calendar with the week, days and years of another; raises IntakeRejected for a name that is taken."""
    pattern = locked(like)
    if db.session.get(CalendarRecord, name) is not None:
        raise IntakeRejected({"name": _("Календарь с таким именем уже есть. Назовите иначе.")})
    spec = {**pattern.spec, "name": name}
    return keep_calendar(spec, at, by, CalendarChange.MADE, pattern.production, **{"from": like})[0]


def load(content: bytes, by: Actor, at: datetime) -> tuple[CalendarRecord, bool, bool]:
    """Keep a file as ``docs/calendars.md`` describes it: the calendar, whether it is new, whether it changed.

    Raises ValueError naming the place of a mistake.
    """
    spec = json_value(content)
    name = spec.get("name") if isinstance(spec, dict) else None
    known = db.session.get(CalendarRecord, name) if isinstance(name, str) else None
    before = known.version if known else 0
    record, is_new = keep_calendar(spec, at, by)
    return record, is_new, record.version != before


def set_week(name: str, fields: dict[str, Any], seen: int, by: Actor, at: datetime) -> CalendarRecord:
    """Set ``time_zone``, ``production_calendar`` and ``week``; raises ValueError naming the place of a mistake."""
    record = _unchanged_since(name, seen)
    return _renewed(record, {**record.spec, **fields}, CalendarChange.WEEK, by, at)


def set_days(
    name: str, days: Sequence[date], hours: Hours | None, seen: int, by: Actor, at: datetime
) -> CalendarRecord:
    """Set the hours of single days, none to close them; None lets them follow the week and the decrees again."""
    record = _unchanged_since(name, seen)
    own = dict(record.spec["days"])
    for day in days:
        own.pop(day.isoformat(), None)
        if hours is not None:
            own[day.isoformat()] = hours
    spec = {**record.spec, "days": own}
    return _renewed(record, spec, CalendarChange.DAYS, by, at, days=[days[0].isoformat(), days[-1].isoformat()])


def restore(name: str, version: int, seen: int, by: Actor, at: datetime) -> CalendarRecord:
    """Make a version the present one again, as a new version; the same again changes nothing."""
    record = locked(name)
    kept = db.session.scalars(
        select(CalendarVersion).where(CalendarVersion.calendar == name, CalendarVersion.version == version)
    ).first()
    if kept is None:
        raise NotFound(_("Такой версии календаря нет. Вернитесь к календарю."))
    if (record.spec, record.production) == (kept.spec, kept.production):
        return record
    if record.version != seen:
        raise IllegalMove(_("Календарь уже изменили ещё раз. Откройте его и посмотрите, что возвращать."))
    renew(record, kept.spec, kept.production, CalendarChange.RESTORED, by, at, **{"from": version})
    return record


def take_year(name: str, year: int, by: Actor, at: datetime) -> CalendarRecord:
    """Read a year of the production calendar again, as this version of the program has it."""
    record = locked(name)
    code = record.spec.get("production_calendar")
    years = with_shipped_year(code, record.production, year) if code else record.production
    if years != record.production:
        renew(record, record.spec, years, CalendarChange.DECREED, by, at, years=[year])
    return record


def _unchanged_since(name: str, seen: int) -> CalendarRecord:
    record = locked(name)
    if record.version != seen:
        raise IntakeRejected({"seen": _("Пока вы правили, календарь изменили. Проверьте поля и сохраните ещё раз.")})
    return record


def _renewed(
    record: CalendarRecord, spec: dict[str, Any], kind: CalendarChange, by: Actor, at: datetime, **data: Any
) -> CalendarRecord:
    wanted = checked(spec, at).to_spec()
    if wanted != record.spec:
        renew(record, wanted, record.production, kind, by, at, **data)
    return record
