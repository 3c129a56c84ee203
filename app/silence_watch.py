"""Tells the manager of a part of the desk that has gone silent: the parts watch each other, none dies unseen."""

from __future__ import annotations

from datetime import datetime, timedelta

from app import clock, database, escalations, heartbeats, outbox
from app.extensions import db
from app.translate import _
from app.troubles import Trouble

GRACE = timedelta(seconds=30)  # of a desk that starts: its parts are not all up at once


class Watch:
    """What one process sees of the others. Only a silence seen twice counts: a machine may have slept."""

    def __init__(self) -> None:
        self._since = clock.now()
        self._suspects: set[str] = set()

    def look(self) -> None:
        """Open an escalation for each part that is silent, settle those of parts that are heard again."""
        moment = clock.now()
        with database.reading():
            heard, silent = heartbeats.last(), set(heartbeats.silent())
            told = escalations.known(Trouble.SILENT)
            db.session.rollback()
        if moment - self._since < GRACE:
            return
        news = (silent & self._suspects) - told
        over = told - silent
        self._suspects = silent
        if not news and not over:
            return
        with outbox.transaction():
            for name in sorted(news):
                escalations.report_system(Trouble.SILENT.of(name), _words(name, heard.get(name)), moment)
            for name in sorted(over):
                escalations.settle_system(Trouble.SILENT.of(name), moment)


def _words(name: str, heard_at: datetime | None) -> str:
    since = _("не запускалась")
    if heard_at:
        since = _("молчит с %(time)s UTC", time=f"{heard_at:%d.%m %H:%M:%S}")
    return _(
        "Часть программы «%(name)s» %(since)s. Посмотрите её журнал; если сама не вернётся, перезапустите bin/run.",
        name=name,
        since=since,
    )
