"""How the desk itself is: what is undone and since when, who is silent, and whether it can serve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute

from app import bell, heartbeats, migrations
from app.clock import now
from app.config import settings
from app.extensions import db
from app.models.chat import BotMessage, BotUpdate
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.letter import Letter
from app.models.ticket import Ticket

LATE = timedelta(minutes=2)  # work that is undone for longer means that somebody is not working

# Each column is set while something is owed, stands in a partial index, and says from when.
_WORK: dict[str, InstrumentedAttribute[datetime | None]] = {
    "events": Event.drain_at,
    "deliveries": Delivery.next_attempt_at,
    "letters": Letter.file_at,
    "alarms": Ticket.next_alarm_at,
}
# While the desk has a bot; without one nobody works on them.
_OF_THE_BOT: dict[str, InstrumentedAttribute[datetime | None]] = {
    "updates": BotUpdate.work_at,
    "messages": BotMessage.next_attempt_at,
}


@dataclass(frozen=True)
class Undone:
    """Work that is due: how much, and for how long the oldest piece has waited."""

    count: int
    age: timedelta


@dataclass(frozen=True)
class Check:
    """One thing that must be right for the desk to serve."""

    name: str
    is_ok: bool
    detail: str = ""


def undone(at: datetime) -> dict[str, Undone]:
    """Due work by kind."""
    found = {}
    work = _WORK | _OF_THE_BOT if settings().telegram_bot_token else _WORK
    for name, due_at in work.items():
        count, oldest = db.session.execute(select(func.count(), func.min(due_at)).where(due_at <= at)).one()
        found[name] = Undone(count, at - oldest if oldest else timedelta(0))
    return found


def checks() -> list[Check]:
    """Everything that must be right; never raises."""
    return [_guarded(name, check) for name, check in _CHECKS.items()]


def _guarded(name: str, check: Callable[[], Any]) -> Check:
    try:
        trouble = check()
    except (SQLAlchemyError, OSError, ValueError) as error:
        db.session.rollback()
        trouble = type(error).__name__
    return Check(name, not trouble, str(trouble or ""))


def _database() -> str:
    db.session.execute(select(1))
    return ""


def _migrations() -> str:
    current, newest = migrations.current(), migrations.newest()
    return "" if current == newest else f"the database is at {current or 'nothing'}, this code wants {newest}"


def _redis() -> str:
    return "" if bell.is_answering() else "no answer; the clock works from SQL meanwhile"


def _processes() -> str:
    silent = heartbeats.silent()
    return f"silent: {', '.join(silent)}" if silent else ""


def _work() -> str:
    late = [
        f"{name} for {work.age // timedelta(seconds=1)} s" for name, work in undone(now()).items() if work.age > LATE
    ]
    return f"undone: {', '.join(late)}" if late else ""


_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "redis": _redis,
    "processes": _processes,
    "work": _work,
}
