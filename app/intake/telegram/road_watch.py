"""Whether Telegram is there: when it last was, and an alert when it has been silent for long."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from app import clock, escalations, heartbeats, outbox
from app.extensions import db
from app.models.running import Sweep
from app.translate import _
from app.troubles import Trouble

log = logging.getLogger(__name__)

NAME = "telegram road"
SILENT_AFTER = timedelta(minutes=15)
NOTED_EVERY = timedelta(seconds=30)


def heard(at: datetime | None = None) -> None:
    """It answered: the alert is over. A row for every answer would be a commit for nothing."""
    now = at or clock.now()
    known = db.session.get(Sweep, NAME, populate_existing=True)
    is_fresh = known is not None and not known.error and abs(now - known.ended_at) < NOTED_EVERY
    db.session.rollback()
    if is_fresh:
        return
    with outbox.transaction():
        heartbeats.job_ended(NAME, now)
        escalations.settle_system(Trouble.TELEGRAM, now)


def silent(error: str) -> None:
    """It did not answer; the manager hears of it when that lasts."""
    now = clock.now()
    log.warning("Telegram cannot be reached: %s", error)
    with outbox.transaction():
        known = db.session.get(Sweep, NAME, populate_existing=True)
        if known is None:
            known = Sweep(name=NAME, ended_at=now, done=0)
            db.session.add(known)
        known.error = error[:500]
        if now - known.ended_at > SILENT_AFTER:
            since = f"{known.ended_at:%d.%m %H:%M}"
            text = _("Телеграм недоступен с %(since)s UTC: %(error)s", since=since, error=error[:500])
            escalations.report_system(Trouble.TELEGRAM, text, now)
