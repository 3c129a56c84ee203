"""When a letter says it was written: shown to people, never counted by."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def written_at(header: str) -> datetime | None:
    """The moment of a Date header (RFC 5322 §3.3), one without a zone as UTC; None where it names none."""
    try:
        moment = parsedate_to_datetime(header)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None
