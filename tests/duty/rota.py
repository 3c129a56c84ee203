"""Shifts and absences for tests, by Moscow's clock."""

from __future__ import annotations

from app import outbox
from app.extensions import db
from app.models import DutyAbsence, DutyRole, DutyShift, Staff
from tests.working_hours import moscow


def shift(one: Staff, start: str, end: str, role: DutyRole = DutyRole.OWNER) -> DutyShift:
    """A shift that is in the roster already."""
    made = DutyShift(staff_id=one.id, role=role, starts_at=moscow(start), ends_at=moscow(end))
    db.session.add(made)
    outbox.commit()
    return made


def absence(one: Staff, start: str, end: str, substitute: Staff | None = None) -> DutyAbsence:
    """An absence that is known already."""
    made = DutyAbsence(
        staff_id=one.id,
        substitute_id=substitute.id if substitute else None,
        starts_at=moscow(start),
        ends_at=moscow(end),
    )
    db.session.add(made)
    outbox.commit()
    return made
