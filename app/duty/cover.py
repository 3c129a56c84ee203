"""Where the roster leaves the desk alone: gaps that this firm minds."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.calendars import WorkCalendar
from app.config import settings
from app.duty.roster import Roster, Span
from app.terms import desk_calendar

AHEAD = timedelta(days=7)  # gaps that begin within it are warned of


def gaps(roster: Roster, start: datetime, end: datetime) -> list[Span]:
    """Stretches without anybody on duty: round the clock, or within the desk's service hours (setting)."""
    empty = roster.gaps(start, end)
    if settings().duty_round_the_clock:
        return empty
    calendar = desk_calendar()
    return [
        Span(calendar.next_opening(gap.starts_at), _closing(calendar, gap.ends_at), ())
        for gap in empty
        if calendar.worked(gap.starts_at, gap.ends_at)
    ]


def _closing(calendar: WorkCalendar, at: datetime) -> datetime:
    """That moment while open, else when service hours ended before it."""
    last = calendar.last_open(at)
    return at if calendar.is_open(at) else last + timedelta(seconds=1)
