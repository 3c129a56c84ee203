"""Who can go on with their work just now, and who cannot."""

from __future__ import annotations

from datetime import datetime

from app.duty.roster import read
from app.models.staff import Staff
from app.terms import desk_calendar


def is_off_shift(one: Staff, at: datetime, *, is_urgent: bool) -> bool:
    """Whether somebody else has to go on: they left or are away; what is urgent does not wait for service hours either.

    Out of service hours what is urgent is for those on duty, where somebody is.
    """
    roster = read(at, at)
    if one.is_disabled or roster.absence_of(one.id, at) is not None:
        return True
    on_duty = {other.id for other in roster.on_duty(at)}
    if not is_urgent or not on_duty or one.id in on_duty:
        return False
    return not desk_calendar().is_open(at)
