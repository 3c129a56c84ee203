"""Complaints: opened by customers, letters, ratings and managers; told only to those whom they do not name."""

from __future__ import annotations

from app.complaints.answering import answer, assign, close, note, write
from app.complaints.erasing import erase
from app.complaints.opening import Said, Who, open_case, say, who_of
from app.complaints.overdue import sweep
from app.complaints.sight import found, managers, named, of_ticket, open_count, visible
from app.complaints.standing import Seen, seen

__all__ = [
    "Said",
    "Seen",
    "Who",
    "answer",
    "assign",
    "close",
    "erase",
    "found",
    "managers",
    "named",
    "note",
    "of_ticket",
    "open_case",
    "open_count",
    "say",
    "seen",
    "sweep",
    "visible",
    "who_of",
    "write",
]
