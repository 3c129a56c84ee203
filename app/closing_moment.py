"""The moment of closing that a solution names: silence counted from there, rounded up where days are meant."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from app.config import settings

_DAY = timedelta(days=1)
_HOUR = 3600  # seconds


def printed_moment(at: datetime) -> datetime:
    """The moment of closing that a solution letter names when it leaves at ``at``: rounded up to the hour."""
    moment = at + settings().auto_close_after
    if settings().auto_close_after < _DAY:
        return moment
    return datetime.fromtimestamp(math.ceil(moment.timestamp() / _HOUR) * _HOUR, UTC)
