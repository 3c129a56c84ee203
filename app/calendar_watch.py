"""Warns the manager, once, thirty days before a year that a production calendar in use does not know.

Years that a new version of the program brings are read into the calendars; those that they know stay as they were.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app import calendar_versions, database, escalations, outbox
from app.extensions import db
from app.models.calendar import CalendarRecord
from app.models.escalation import Escalation
from app.terms import calendar_of
from app.translate import _
from app.troubles import Trouble

AHEAD = timedelta(days=30)


def watch(moment: datetime) -> None:
    """Warn, in service hours, of every year within AHEAD that a calendar has no decree for."""
    with database.reading():
        unknown = _unknown_years(moment)
        is_behind = calendar_versions.lacks_years()
        db.session.rollback()
    if is_behind:
        with outbox.transaction():
            calendar_versions.read_new_years(moment)
    for subject, year in unknown.items():
        text = _(
            "Нет производственного календаря на %(year)s год: сроки за Новым годом предварительные. "
            "Обновите программу или внесите дни в рабочий календарь.",
            year=year,
        )
        with outbox.transaction():
            escalations.report_system(subject, text, moment)


def _unknown_years(moment: datetime) -> dict[str, int]:
    """Years to warn of, by the subject of their warning; one that was ever given is not given again."""
    unknown = {}
    for calendar in map(calendar_of, db.session.scalars(select(CalendarRecord))):
        year = (moment + AHEAD).astimezone(calendar.zone).year
        if calendar.production and year not in calendar.production.sources and calendar.is_open(moment):
            unknown[Trouble.CALENDAR.of(f"{calendar.production.code} {year}")] = year
    given = db.session.scalars(select(Escalation.subject).where(Escalation.subject.in_(unknown))) if unknown else ()
    return {subject: unknown[subject] for subject in unknown.keys() - set(given)}
