"""How far a complaint has come, as its customer may know it: who saw it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.extensions import db
from app.models.complaint import Complaint
from app.models.escalation import Escalation
from app.models.staff import Staff


@dataclass(frozen=True)
class Seen:
    """``name`` is empty where a program or nobody known acknowledged it."""

    at: datetime
    name: str = ""


def seen(complaint: Complaint) -> Seen | None:
    """«Увидел(а) … в 23:14»: who first took charge of what the complaint put before the manager, since it came.

    A row may stand there already, for another's words: that it was seen before says nothing of these.
    """
    escalation = db.session.get(Escalation, complaint.escalation_id) if complaint.escalation_id else None
    if escalation is None:
        return None
    acts = (
        (escalation.acknowledged_at, escalation.acknowledged_by_id),
        (escalation.watched_since, escalation.watched_by_id),
    )
    for at, staff_id in acts:
        if at is not None and at >= complaint.opened_at:
            who = db.session.get(Staff, staff_id) if staff_id else None
            return Seen(at, who.name if who else "")
    return None
