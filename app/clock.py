"""The one clock: every moment that the desk decides by comes from ``now()``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return datetime.now(UTC) + _offset


def shift(by: timedelta) -> None:
    """Move this process's clock by an amount (tests only; libfaketime moves whole processes)."""
    global _offset
    _offset += by


def reset() -> None:
    """Put this process's clock back to the machine's."""
    global _offset
    _offset = timedelta(0)
