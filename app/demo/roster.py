"""The duty roster of the demo firm: a day and a night each in turn, a second behind, one on holiday, one note."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from app.config import settings
from app.demo.firm import Firm
from app.extensions import db
from app.models.duty import DutyAbsence, DutyNote, DutyRole, DutyShift

WEEKS = 6  # the past one, this one and four to come
_CHANGE = time(9)
_NOTE = (
    "Провайдер обещает починить связь на складе до обеда, просил не перезагружать роутер. "
    "Если клиент позвонит, скажите: мастер уже едет."
)


def draw(firm: Firm, at: datetime) -> None:
    """Put the firm's people on duty; a roster that was begun already stays."""
    if db.session.scalar(select(DutyShift.id).limit(1)) is not None:
        return
    zone = settings().time_zone
    today = at.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday() + 7)
    people = firm.engineers
    for number in range(WEEKS * 7):
        day = monday + timedelta(days=number)
        starts_at, ends_at = (datetime.combine(one, _CHANGE, zone) for one in (day, day + timedelta(days=1)))
        is_weekend = day.weekday() >= 5
        second = firm.manager if is_weekend else people[(number + 1) % len(people)]
        for one, role in ((people[number % len(people)], DutyRole.OWNER), (second, DutyRole.NEXT)):
            db.session.add(DutyShift(staff_id=one.id, role=role, starts_at=starts_at, ends_at=ends_at))
    _go_on_holiday(firm, datetime.combine(monday + timedelta(weeks=2), time(), zone))
    is_early = at.astimezone(zone).time() < _CHANGE
    before = datetime.combine(today - timedelta(days=is_early), _CHANGE, zone)
    number = (before.date() - timedelta(days=1) - monday).days
    db.session.add(DutyNote(author_id=people[number % len(people)].id, at=before - timedelta(minutes=10), text=_NOTE))


def _go_on_holiday(firm: Firm, starts_at: datetime) -> None:
    away, substitute = firm.engineers[3], firm.engineers[1]
    db.session.add(
        DutyAbsence(
            staff_id=away.id,
            substitute_id=substitute.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(days=7),
            reason="отпуск",
        )
    )
