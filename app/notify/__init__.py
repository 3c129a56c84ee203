"""Letters out: events become deliveries, deliveries become letters, each at least once and in order."""

from __future__ import annotations

import time

from sqlalchemy import select

from app import bell, clock, database, outbox
from app.extensions import db
from app.models.event import Event
from app.notify import claims, set_back
from app.notify.drain import drain
from app.notify.sending import send

__all__ = ["drain", "is_due", "run", "send"]

LONGEST_RUN = 8.0  # seconds; the clock, which does what has not ended for two slots, must see that this goes on


def run() -> int:
    """Drain and send until nothing is due; safe in several workers at once. Returns how many things were done."""
    set_back.mend()
    done, until = 0, time.monotonic() + LONGEST_RUN
    while time.monotonic() < until:
        turned = drain()
        tried = send(until=until)
        done += turned + tried
        if not turned and not tried:
            return done
    bell.ring(outbox.NOTIFY)
    return done


def is_due() -> bool:
    """Whether there is anything to drain or to send now: what the clock asks each second."""
    with database.reading():
        waiting = select(Event.id).where(Event.drain_at <= clock.now()).limit(1)
        found = db.session.scalar(waiting) is not None
        outbox.commit()
    return found or claims.is_due()
