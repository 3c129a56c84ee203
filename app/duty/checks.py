"""What the roster refuses: shifts that end before they begin, overlap, last too long, or name who cannot stand."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app import wordings
from app.config import settings
from app.errors import IntakeRejected
from app.extensions import db
from app.models.duty import DutyAbsence, DutyRole, DutyShift
from app.models.staff import Staff
from app.rows import find_row
from app.translate import _

LONGEST_SHIFT = timedelta(days=31, hours=1)  # a month in which clocks are put back
LONGEST_ABSENCE = timedelta(days=400, hours=1)
FARTHEST = timedelta(days=400)


def standing(staff_id: int, field: str = "staff") -> Staff:
    """Somebody who can stand on duty; raises IntakeRejected."""
    found = find_row(Staff, staff_id)
    if found is None:
        raise IntakeRejected({field: _("Выберите человека из списка.")})
    if found.is_disabled:
        raise IntakeRejected({field: _("%(name)s больше не работает здесь. Выберите другого.", name=found.name)})
    return found


def check_stretch(starts_at: datetime, ends_at: datetime, at: datetime, longest: timedelta = LONGEST_SHIFT) -> None:
    """Refuse a stretch of time that cannot be meant."""
    if ends_at <= starts_at:
        raise IntakeRejected({"ends": _("Конец раньше начала. Если смена ночная, поставьте следующий день.")})
    if ends_at <= at:
        raise IntakeRejected({"ends": _("Это время уже прошло: прошлое в графике не меняют.")})
    if ends_at - starts_at > longest:
        most = (longest - timedelta(hours=1)).days
        raise IntakeRejected({"ends": _("Слишком долго: больше %(days)s дней. Проверьте год и месяц.", days=most)})
    if starts_at > at + FARTHEST:
        raise IntakeRejected({"starts": _("Слишком далеко: больше года вперёд. Проверьте год.")})


def check_room(shift: DutyShift, name: str) -> None:
    """Refuse a shift beside another of its role, or of the same person. The sentence names both."""
    other = overlapping(shift)
    if other is None:
        return
    whose = db.session.get_one(Staff, other.staff_id)
    both = {
        "one": f"{whose.name}, {stretch(other.starts_at, other.ends_at)}",
        "two": f"{name}, {stretch(shift.starts_at, shift.ends_at)}",
    }
    if other.staff_id == shift.staff_id:
        raise IntakeRejected({"starts": _("Этот человек в это время уже дежурит: %(one)s; теперь %(two)s.", **both)})
    if shift.role is DutyRole.OWNER:
        said = _("Смены пересекаются: %(one)s, и %(two)s. Двое сразу дежурят только как первый и второй.", **both)
    else:
        said = _("Второй на это время уже есть: %(one)s; теперь %(two)s. Сдвиньте одного из них.", **both)
    raise IntakeRejected({"starts": said})


def overlapping(shift: DutyShift) -> DutyShift | None:
    """The first shift that has no room beside this one."""
    query = select(DutyShift).where(
        DutyShift.starts_at < shift.ends_at,
        DutyShift.ends_at > shift.starts_at,
        (DutyShift.role == shift.role) | (DutyShift.staff_id == shift.staff_id),
    )
    if shift.id is not None:
        query = query.where(DutyShift.id != shift.id)
    with db.session.no_autoflush:
        return db.session.scalars(query.order_by(DutyShift.starts_at).limit(1)).first()


def check_absence(absence: DutyAbsence, name: str) -> None:
    """Refuse a second absence of the same person at the same time."""
    query = select(DutyAbsence).where(
        DutyAbsence.staff_id == absence.staff_id,
        DutyAbsence.starts_at < absence.ends_at,
        DutyAbsence.ends_at > absence.starts_at,
    )
    if absence.id is not None:
        query = query.where(DutyAbsence.id != absence.id)
    with db.session.no_autoflush:
        other = db.session.scalars(query.limit(1)).first()
    if other is not None:
        known = stretch(other.starts_at, other.ends_at)
        raise IntakeRejected({"starts": _("%(name)s уже отсутствует: %(known)s.", name=name, known=known)})


def stretch(starts_at: datetime, ends_at: datetime) -> str:
    """«пн, 30 ноя, 9:00 – вт, 1 дек, 9:00», by the firm's clock."""
    words, zone = wordings.current(), settings().time_zone
    far = starts_at - timedelta(days=5)  # so that both are told with their dates
    return " – ".join(words.moment_short(moment, zone, far) for moment in (starts_at, ends_at))
