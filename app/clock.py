"""The one clock: every moment that the desk decides by comes from ``now()``."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

_offset = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return datetime.now(UTC) + _offset


def midnight(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day by the clocks of a zone."""
    return datetime.combine(day, time(), zone)


def todays_midnight(at: datetime, zone: tzinfo) -> datetime:
    """The first moment of the day that it is."""
    return midnight(at.astimezone(zone).date(), zone)


def shift(by: timedelta) -> None:
    """Move this process's clock by an amount (tests only; libfaketime moves whole processes)."""
    global _offset
    _offset += by


def reset() -> None:
    """Put this process's clock back to the machine's."""
    global _offset
    _offset = timedelta(0)
