"""Verbs of absences: be away, with a substitute or without; come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.actor import Actor
from app.duty.changes import lock, record, snapshot, unchanged
from app.duty.checks import LONGEST_ABSENCE, check_absence, check_stretch, standing
from app.errors import IntakeRejected
from app.extensions import db
from app.models.duty import DutyAbsence, DutyChange, DutyChangeKind
from app.translate import _

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as the manager writes it down."""

    staff_id: int
    substitute_id: int | None
    starts_at: datetime
    ends_at: datetime
    reason: str = ""


def be_away(away: Away, by: Actor, at: datetime) -> DutyChange:
    """Note an absence; in its shifts the substitute stands, or nobody."""
    lock()
    absence = DutyAbsence()
    _set(absence, away, at)
    db.session.add(absence)
    return record(DutyChangeKind.ABSENT, by, at, after=[absence])


def change(absence_id: int, seen: int, away: Away, by: Actor, at: datetime) -> DutyChange | None:
    """Change an absence that ``seen`` is the version of; the same again changes nothing (None)."""
    lock()
    absence = unchanged(DutyAbsence, absence_id, seen)
    before = snapshot(absence)
    known = Away(absence.staff_id, absence.substitute_id, absence.starts_at, absence.ends_at, absence.reason)
    if known == away:
        return None
    with db.session.no_autoflush:
        _set(absence, away, at)
    absence.version += 1
    return record(DutyChangeKind.ABSENCE_CHANGED, by, at, before=[before], after=[absence])


def come_back(absence_id: int, seen: int, by: Actor, at: datetime) -> DutyChange:
    """End an absence now; one that has not begun is taken out."""
    lock()
    absence = unchanged(DutyAbsence, absence_id, seen)
    if absence.ends_at <= at:
        raise IntakeRejected({"ends": _("Это время уже прошло: прошлое в графике не меняют.")})
    before = snapshot(absence)
    if absence.starts_at < at:
        absence.ends_at, absence.version = at, absence.version + 1
        return record(DutyChangeKind.RETURNED, by, at, before=[before], after=[absence])
    db.session.delete(absence)
    return record(DutyChangeKind.RETURNED, by, at, before=[before])


def _set(absence: DutyAbsence, away: Away, at: datetime) -> None:
    person = standing(away.staff_id)
    if away.substitute_id is not None:
        standing(away.substitute_id, "substitute")
        if away.substitute_id == away.staff_id:
            raise IntakeRejected({"substitute": _("Себя замещать нельзя. Выберите другого или никого.")})
    check_stretch(away.starts_at, away.ends_at, at, LONGEST_ABSENCE)
    absence.staff_id, absence.substitute_id = away.staff_id, away.substitute_id
    absence.starts_at, absence.ends_at = away.starts_at, away.ends_at
    absence.reason = away.reason.strip()[:LONGEST_REASON]
    check_absence(absence, person.name)
