"""Keeps a calendar file under its name, every version of it, and the years of its production calendar as read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.actor import SYSTEM, Actor
from app.calendars import WorkCalendar
from app.errors import NotFound
from app.extensions import db
from app.models.calendar import CalendarChange, CalendarRecord, CalendarVersion
from app.production_calendars import kept_years
from app.translate import _


def keep_calendar(
    spec: object,
    at: datetime,
    by: Actor = SYSTEM,
    kind: CalendarChange = CalendarChange.IMPORTED,
    years: str = "",
    **data: Any,
) -> tuple[CalendarRecord, bool]:
    """Keep a calendar file under its name, in place of the one before; also says whether it is new.

    A new one keeps the ``years`` given of its production calendar, else the shipped ones as they are today.
    It rules over promises to come; given ones stay. Raises ValueError naming the place of a mistake.
    """
    calendar = checked(spec, at)
    record = _locked(calendar.name)
    if record is None:
        record = CalendarRecord(name=calendar.name, spec=calendar.to_spec(), version=1, updated_at=at)
        record.production = _production(record.spec, years)
        db.session.add(record)
        db.session.flush()
        _write(record, kind, by, at, data)
        return record, True
    if record.spec != calendar.to_spec():
        renew(record, calendar.to_spec(), record.production, kind, by, at, **data)
    return record, False


def checked(spec: object, at: datetime) -> WorkCalendar:
    """The calendar of a file; ValueError names the place of a mistake, of one that will not open any more too."""
    calendar = WorkCalendar.from_spec(spec)
    try:
        calendar.next_opening(at)
    except ValueError as error:
        raise ValueError("week: this calendar is never open, a promise by it could never come due") from error
    return calendar


def renew(
    record: CalendarRecord,
    spec: dict[str, Any],
    production: str,
    kind: CalendarChange,
    by: Actor,
    at: datetime,
    **data: Any,
) -> None:
    """Give a calendar its next version; ``spec`` is checked already."""
    record.spec, record.production = spec, _production(spec, production)
    record.version, record.updated_at = record.version + 1, at
    db.session.flush()
    _write(record, kind, by, at, data)


def locked(name: str) -> CalendarRecord:
    """The calendar to change, as the last writer left it; raises NotFound."""
    record = _locked(name)
    if record is None:
        raise NotFound(_("Такого календаря нет. Вернитесь к списку."))
    return record


def lacks_years() -> bool:
    """Whether the shipped files know years that some calendar does not."""
    return any(_grown(record) != record.production for record in db.session.scalars(select(CalendarRecord)))


def read_new_years(at: datetime) -> list[str]:
    """Give every calendar the years that the shipped files know and it does not; known years stay. Returns names."""
    grown = []
    for name in db.session.scalars(select(CalendarRecord.name).order_by(CalendarRecord.name)).all():
        record = locked(name)
        wanted = _grown(record)
        if wanted != record.production:
            renew(record, record.spec, wanted, CalendarChange.DECREED, SYSTEM, at)
            grown.append(name)
    return grown


def _grown(record: CalendarRecord) -> str:
    code = record.spec.get("production_calendar")
    return kept_years(code, record.production) if code else record.production


def _locked(name: str) -> CalendarRecord | None:
    query = select(CalendarRecord).where(CalendarRecord.name == name).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def _production(spec: dict[str, Any], known: str) -> str:
    """The years that go with a calendar file: kept ones, else the shipped ones as they are today."""
    code = spec.get("production_calendar")
    return known or (kept_years(code) if code else "")


def _write(record: CalendarRecord, kind: CalendarChange, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    db.session.add(
        CalendarVersion(
            calendar=record.name,
            version=record.version,
            spec=record.spec,
            production=record.production,
            kind=kind,
            data=data,
            at=at,
            actor_name=by.name,
            staff_id=by.staff_id,
        )
    )
