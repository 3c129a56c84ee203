"""Names and words taken out of complaints, at the wish of whoever complained; figures, times and states stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update

from app import escalations
from app.extensions import db
from app.models.complaint import Complaint, ComplaintEntry, ComplaintFile
from app.models.escalation import Escalation

TITLE = "Данные стёрты"  # of requests, too: lists have something to press
_WORDS: dict[str, Any] = {"title": TITLE, "name": "", "email": "", "phone": "", "outcome": "", "chat_id": None}
_ENTRY: dict[str, Any] = {"text": "", "intake_key": None, "bot_message_id": None}
_WEAK = {"synchronize_session": False}


def erase(ids: Sequence[int]) -> list[str]:
    """Take names, words and files out of these cases; returns the ids of files that were theirs."""
    entries = update(ComplaintEntry).where(ComplaintEntry.complaint_id.in_(ids))
    version = Complaint.version + 1  # who is writing on it sees that it changed
    for statement in (
        update(Complaint).where(Complaint.id.in_(ids)).values(**_WORDS, version=version),
        entries.values(_ENTRY),
        entries.where(ComplaintEntry.staff_id.is_(None)).values(author=""),
    ):
        db.session.execute(statement, execution_options=_WEAK)
    own = select(Complaint.escalation_id).where(Complaint.id.in_(ids), Complaint.escalation_id.is_not(None))
    escalations.erase(Escalation.id.in_(own))
    gone = delete(ComplaintFile).where(ComplaintFile.complaint_id.in_(ids)).returning(ComplaintFile.storage_id)
    return list(db.session.scalars(gone, execution_options=_WEAK))
