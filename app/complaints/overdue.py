"""Complaints whose time for an answer is over: managers hear of each once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import outbox
from app.actor import SYSTEM
from app.complaints import telling
from app.complaints.opening import enter
from app.extensions import db
from app.models.complaint import Complaint
from app.models.words import ComplaintEntryKind, ComplaintState

_MOST = 100


def sweep(at: datetime) -> int:
    """Tell of up to a hundred; returns how many. Whoever sweeps beside us leaves them to us."""
    query = (
        select(Complaint)
        .where(Complaint.state == ComplaintState.OPEN, Complaint.due_at <= at, Complaint.reminded_at.is_(None))
        .order_by(Complaint.due_at, Complaint.id)
        .limit(_MOST)
        .with_for_update(skip_locked=True)
    )
    with outbox.transaction():
        late = db.session.scalars(query, execution_options={"populate_existing": True}).all()
        for complaint in late:
            complaint.reminded_at = at
            enter(complaint, ComplaintEntryKind.REMINDED, SYSTEM, at)
            telling.tell_managers(complaint, "overdue", at)
    return len(late)
