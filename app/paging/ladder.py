"""The ladder of pages: how pressing an escalation is, and which step is owed at a moment. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from app.models.words import Cause
from app.troubles import can_wait

FIRST, NEXT, ALL = 0, 1, 2  # after ALL each repetition is a step of its own
_LEAST_PAUSE = timedelta(minutes=1)
_NOW = frozenset({Cause.URGENT_UNTAKEN, Cause.HEAD_CALLED})


class Kind(Enum):
    """How an escalation pages."""

    NOW = auto()  # at any hour, up the ladder: who is on duty, the next, all managers, again and again
    MANAGERS = auto()  # at any hour, at the same moments, but to managers alone
    DAY = auto()  # once, to managers, when service hours run
    NEVER = auto()


@dataclass(frozen=True)
class Pace:
    """When the ladder rises, counted from its beginning."""

    next_after: timedelta
    all_after: timedelta
    again_every: timedelta


def kind_of(cause: Cause, subject: str, *, is_urgent: bool, has_engineer: bool, complaints_wait: bool = False) -> Kind:
    """How it pages. What is near is told to its engineer; managers hear of it where there is none.

    ``complaints_wait``: for service hours, as managers of this firm want it.
    """
    if cause is Cause.SYSTEM:
        return Kind.DAY if can_wait(subject) else Kind.NOW
    if cause is Cause.COMPLAINT:
        return Kind.DAY if complaints_wait else Kind.MANAGERS
    if cause in _NOW or (cause is Cause.MISSED and is_urgent):
        return Kind.NOW
    return Kind.NEVER if cause is Cause.NEAR and has_engineer else Kind.DAY


def owed(kind: Kind, start: datetime, at: datetime, pace: Pace) -> int | None:
    """The latest step whose moment has come; None: none has. What was missed before it is not made up for."""
    gone = at - start
    if kind is Kind.NEVER or gone < timedelta(0):
        return None
    if kind is Kind.DAY or gone < min(pace.next_after, pace.all_after):
        return FIRST
    if gone < pace.all_after:
        return NEXT
    return ALL + (gone - pace.all_after) // max(pace.again_every, _LEAST_PAUSE)
