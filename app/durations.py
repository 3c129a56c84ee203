"""Durations ("8h30m") and moments (ISO 8601 with an offset) as text, in and out.

The notation is the one of every setting, command and API field: whole numbers with the units
d, h, m, s, largest first, each at most once; a day is 24 hours.
"""

import re
from datetime import UTC, datetime, timedelta

_NOTATION = re.compile(r"(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?")
_LONGEST = timedelta(days=36_525)
_SECOND = timedelta(seconds=1)


def parse(text: str) -> timedelta:
    """Read "8h30m", "1h5s", "0m", "3d"; raise ValueError, in a plain sentence, on anything else."""
    found = _NOTATION.fullmatch(text)
    if found is None or not text:
        raise ValueError(
            f"{text!r} is not a duration: write it like 8h30m, 3d or 45s, with units d, h, m, s in this order"
        )
    if any(len(part) > 12 for part in found.groups(default="0")):
        raise ValueError(f"{text!r} is too long a duration: the most is 100 years")
    days, hours, minutes, seconds = (int(part) for part in found.groups(default="0"))
    total = days * 86_400 + hours * 3_600 + minutes * 60 + seconds
    if total > _LONGEST // _SECOND:
        raise ValueError(f"{text!r} is too long a duration: the most is 100 years")
    return timedelta(seconds=total)


def format_duration(duration: timedelta) -> str:
    """Write a duration the way parse reads it: "8h30m", "3d", "0m"; fractions of a second are cut."""
    seconds = duration // _SECOND
    if duration < timedelta(0):
        raise ValueError(f"a duration cannot be negative, this one is {duration.total_seconds():g} s")
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{amount}{unit}" for amount, unit in parts if amount) or "0m"


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 moment into aware UTC; raise ValueError on a naive, broken or unreachable one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a moment: write it like 2026-11-25T13:40:00Z") from None
    if moment.utcoffset() is None:
        raise ValueError(f"{text!r} has no offset from UTC: add Z or an offset like +03:00")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is outside the years 1 to 9999") from None


def iso(moment: datetime) -> str:
    """Write an aware moment as YYYY-MM-DDTHH:MM:SSZ, fractions of a second cut; raise ValueError on a naive one."""
    if moment.utcoffset() is None:
        raise ValueError(f"the moment {moment.isoformat()} has no offset from UTC")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
