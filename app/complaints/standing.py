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
    """«Увидел(а) … в 23:14»: the first acknowledgement of what the complaint put before the manager."""
    escalation = db.session.get(Escalation, complaint.escalation_id) if complaint.escalation_id else None
    if escalation is None or escalation.acknowledged_at is None:
        return None
    who = db.session.get(Staff, escalation.acknowledged_by_id) if escalation.acknowledged_by_id else None
    return Seen(escalation.acknowledged_at, who.name if who else "")
