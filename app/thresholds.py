"""When something comes before the manager: the settings, and over them what a manager chose on the page."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from app.config import Settings, settings
from app.extensions import db
from app.models.escalation import ThresholdChange

KEPT_FOR = 10.0  # seconds; another process's change is seen after that, and no page asks for each request
_KEY = "thresholds"


@dataclass(frozen=True)
class Thresholds:
    """What holds now, by the names of the settings."""

    near_deadline: timedelta
    urgent_take_within: timedelta
    escalation_returns_after: timedelta
    page_next_after: timedelta
    page_all_after: timedelta
    page_again_every: timedelta
    page_complaints: str  # at which hours complaints call managers: one of HOURS


HOURS_OF_COMPLAINTS, HOURS = "page_complaints", ("always", "day")
ON_PAGE = tuple(field.name for field in fields(Thresholds))
NAMES = tuple(name for name in ON_PAGE if name != HOURS_OF_COMPLAINTS)  # the durations


def current() -> Thresholds:
    """What holds now; one query in ten seconds and process."""
    kept: tuple[float, Settings, Thresholds] | None = current_app.extensions.get(_KEY)
    own = settings()
    if kept is None or kept[0] < time.monotonic() or kept[1] is not own:
        kept = (time.monotonic() + KEPT_FOR, own, _read(own))
        current_app.extensions[_KEY] = kept
    return kept[2]


def forget() -> None:
    """Read anew the next time; called after the transaction of a change."""
    current_app.extensions.pop(_KEY, None)


def is_locked(name: str) -> bool:
    """The environment wins: such a threshold is shown, and changed there."""
    return name in settings().given


def change(name: str, value: timedelta | None, by_id: int | None, at: datetime) -> bool:
    """Choose a threshold (None: the setting's again), in the caller's transaction; chosen already: False."""
    return _choose(name, None if value is None else round(value.total_seconds()), by_id, at)


def change_hours(hours: str | None, by_id: int | None, at: datetime) -> bool:
    """Choose the hours of complaints, as ``change`` does; kept is their place in ``HOURS``."""
    return _choose(HOURS_OF_COMPLAINTS, None if hours is None else HOURS.index(hours), by_id, at)


def _choose(name: str, kept: int | None, by_id: int | None, at: datetime) -> bool:
    if _chosen().get(name) == kept:
        return False
    db.session.add(ThresholdChange(name=name, seconds=kept, at=at, staff_id=by_id))
    return True


def _read(own: Settings) -> Thresholds:
    chosen = {name: seconds for name, seconds in _chosen().items() if seconds is not None and name not in own.given}
    hours = HOURS[chosen[HOURS_OF_COMPLAINTS]] if HOURS_OF_COMPLAINTS in chosen else own.page_complaints
    return Thresholds(
        **{name: timedelta(seconds=chosen[name]) if name in chosen else getattr(own, name) for name in NAMES},
        page_complaints=hours,
    )


def _chosen() -> dict[str, int | None]:
    """The last choice of each name."""
    last = select(func.max(ThresholdChange.id)).group_by(ThresholdChange.name)
    query = select(ThresholdChange.name, ThresholdChange.seconds).where(ThresholdChange.id.in_(last))
    with db.session.no_autoflush:
        return {row.name: row.seconds for row in db.session.execute(query)}
