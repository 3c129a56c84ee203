"""How a job runs: the bell is cleared first, the work comes from SQL, and a row says when it last ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update

from app import bell, clock, database
from app.extensions import db, insert_into
from app.models.running import Sweep
from workers.house import desk_app

NOTED_EVERY = 2.0  # seconds; a row for every ring would be a commit for nothing

_noted: dict[str, float] = {}


def perform(name: str, work: Callable[[], int]) -> int:
    """Do all the work there is now; returns how many things were done. Run twice, it does nothing twice."""
    with desk_app().app_context():
        bell.cleared(name)
        try:
            done = work()
        except Exception as error:
            db.session.rollback()
            _note(name, error=f"{type(error).__name__}: {error}"[:2000])
            raise
        if done or time.monotonic() - _noted.get(name, -NOTED_EVERY) >= NOTED_EVERY:
            _note(name, ended_at=clock.now(), done=done, error="")
            _noted[name] = time.monotonic()
        return done


def last_ended(name: str) -> datetime | None:
    """When this work was last done to its end, by whichever process."""
    with database.reading(), db.engine.connect() as connection:
        return connection.execute(select(Sweep.ended_at).where(Sweep.name == name)).scalar()


def _note(name: str, **values: datetime | int | str) -> None:
    """Keep how it went; a failure leaves the moment of the last good end alone. Two first ends at once both succeed."""
    with db.engine.begin() as connection:
        if "ended_at" in values:
            row = insert_into(Sweep).values(name=name, **values)
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
        else:
            connection.execute(update(Sweep).where(Sweep.name == name).values(values))
