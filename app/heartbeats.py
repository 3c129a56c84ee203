"""Signs of life: each process and each periodic job leaves one row, and who is silent too long is named."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.config import settings
from app.extensions import db, insert_into
from app.models.running import Heartbeat, Sweep

log = logging.getLogger(__name__)

PROCESSES = ("web", "worker-notify", "worker-inbox", "worker-search", "clock", "mail")
"""Who must be heard on every desk."""

BOT = "bot"  # must be heard where a token is set

EVERY = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=60)


def beat(name: str) -> None:
    """Write this process's row, on a connection of its own; two of one name at once, at their start even, both can."""
    row = {"at": clock.now()}
    beating = insert_into(Heartbeat).values(name=name, **row)
    with db.engine.begin() as connection:
        connection.execute(beating.on_conflict_do_update(index_elements=["name"], set_=row))


def job_ended(name: str, at: datetime, done: int = 0) -> None:
    """Write a periodic job's row, in the caller's transaction; two at once, its very first time even, both succeed."""
    row = {"ended_at": at, "done": done, "error": ""}
    db.session.execute(
        insert_into(Sweep).values(name=name, **row).on_conflict_do_update(index_elements=["name"], set_=row)
    )


def last() -> dict[str, datetime]:
    """When each process was last heard, by its name."""
    return dict(db.session.execute(select(Heartbeat.name, Heartbeat.at)).all())


def silent() -> list[str]:
    """Processes that must be heard and are not, in the order of the Procfile."""
    heard = last()
    least = clock.now() - SILENT_AFTER
    wanted = (*PROCESSES, BOT) if settings().telegram_bot_token else PROCESSES
    return [name for name in wanted if name not in heard or heard[name] < least]


def start(app: Flask, name: str, look: Callable[[], None] | None = None) -> None:
    """Beat from a thread for as long as this process lives, and ``look()`` after the others each time."""
    threading.Thread(target=_keep_beating, args=(app, name, look), name="heartbeat", daemon=True).start()


def _keep_beating(app: Flask, name: str, look: Callable[[], None] | None) -> None:
    while True:
        try:
            with app.app_context():
                beat(name)
                if look:
                    look()
        except SQLAlchemyError as error:
            log.warning("No heartbeat of %s: %s", name, type(error).__name__)
        except Exception:
            log.exception("%s lives, but could not look after the others", name)
        time.sleep(EVERY.total_seconds())
