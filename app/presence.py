"""Who looks at which request and who writes an answer: known for a quarter of a minute, kept in Redis alone.

Nothing hangs on it but courtesy: with Redis away nobody is shown, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto

from redis import Redis

from app import bell

WRITING_TOPIC = "writing"  # somebody began or ended to write; lists show only that
LIVES = timedelta(seconds=15)
_KEY, _KEY_LIVES = "hd:presence", 60  # seconds; a hash: number:staff → doing|since|heard


class Doing(StrEnum):
    VIEWING = auto()
    TYPING = auto()


@dataclass(frozen=True)
class Here:
    """One member of staff before one request."""

    number: str
    staff_id: int
    doing: Doing
    since: datetime


def note(number: str, staff_id: int, doing: Doing, at: datetime) -> None:
    """They are there still. Open pages hear of it when it is news."""
    field, heard = f"{number}:{staff_id}", at.timestamp()

    def keep(redis: Redis) -> list[str]:
        before = _parsed(field, _text(redis.hget(_KEY, field)), at)
        is_news = before is None or before.doing is not doing
        since = heard if before is None or is_news else before.since.timestamp()
        redis.hset(_KEY, field, f"{doing}|{since:.3f}|{heard:.3f}")
        redis.expire(_KEY, _KEY_LIVES)
        return _topics(number, before.doing if before else None, doing) if is_news else []

    bell.publish(bell.ask(keep) or [])


def leave(number: str, staff_id: int, at: datetime) -> None:
    """They closed the page."""
    field = f"{number}:{staff_id}"

    def drop(redis: Redis) -> list[str]:
        before = _parsed(field, _text(redis.hget(_KEY, field)), at)
        is_news = bool(redis.hdel(_KEY, field))
        return _topics(number, before.doing if before else None) if is_news else []

    bell.publish(bell.ask(drop) or [])


def _topics(number: str, *doings: Doing | None) -> list[str]:
    """Who hears of it: the pages of this request; lists only of writing."""
    return [f"presence:{number}", *([WRITING_TOPIC] if Doing.TYPING in doings else [])]


def everyone(at: datetime) -> list[Here]:
    """Everybody who was heard of within LIVES, by number and by how long they are there."""
    found = bell.ask(_all(at)) or []
    return sorted(found, key=lambda one: (one.number, one.since, one.staff_id))


def _all(at: datetime) -> Callable[[Redis], list[Here]]:
    def read(redis: Redis) -> list[Here]:
        kept = redis.hgetall(_KEY)
        parsed = {field: _parsed(_text(field), _text(value), at) for field, value in kept.items()}
        if gone := [field for field, one in parsed.items() if one is None]:
            redis.hdel(_KEY, *gone)
        return [one for one in parsed.values() if one is not None]

    return read


def _text(kept: bytes | str | None) -> str:
    return kept.decode(errors="replace") if isinstance(kept, bytes) else kept or ""


def _parsed(field: str, value: str, at: datetime) -> Here | None:
    """None: unknown, silent for too long, or nothing that we wrote."""
    number, _colon, staff_id = field.partition(":")
    try:
        doing, since, heard = value.split("|")
        if abs(at.timestamp() - float(heard)) > LIVES.total_seconds():
            return None
        return Here(number, int(staff_id), Doing(doing), datetime.fromtimestamp(float(since), UTC))
    except ValueError:
        return None
