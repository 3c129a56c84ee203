"""Who is on duty: the roster decides whom the desk calls and who answers for what nobody has taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.duty.roster import Roster, Span, read
from app.extensions import db
from app.models.duty import DutyShift
from app.models.staff import Staff

__all__ = ["Roster", "Span", "is_kept", "on_duty", "owner", "read"]


def on_duty(at: datetime) -> list[Staff]:
    """Whom to call at a moment, in order: the owner of the shift, then the next. Empty: nobody is on duty.

    Who is away or disabled is replaced by the substitute, or left out.
    """
    return read(at, at).on_duty(at)


def owner(at: datetime) -> Staff | None:
    """Who answers at a moment for the requests that nobody has taken."""
    return next(iter(on_duty(at)), None)


def is_kept() -> bool:
    """Whether this firm keeps a roster at all; where none was ever begun, nobody misses it."""
    return db.session.scalar(select(DutyShift.id).limit(1)) is not None
