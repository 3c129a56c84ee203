"""Filing what was received: each letter is claimed, read in the child, and made part of a request exactly once."""

from __future__ import annotations

import logging
import math
import time
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import undefer
from sqlalchemy.orm.exc import StaleDataError

from app import bell, clock, database, failpoint, outbox
from app.errors import IllegalMove
from app.extensions import db
from app.intake import filing
from app.intake.letterbox import store, store_all
from app.intake.mime import child
from app.intake.mime.letter import ParsedLetter, Unreadable
from app.models.letter import Letter

__all__ = ["file_received", "store", "store_all"]

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)  # longer than the parser may take, so that a worker's death costs no more than that
MOST_TRIES = 3
_MOST_RACES = 12
_PAUSES = (timedelta(seconds=3), timedelta(seconds=15))  # before the second and the third try
_OUR_TROUBLE = (OperationalError, InterfaceError, OSError)
_AT_ONCE = 20


def file_received(limit: int | None = None, *, seconds: float = math.inf) -> int:
    """File what is due, oldest first; returns how many letters were brought to an end.

    After ``limit`` letters, or ``seconds``, it stops between two letters and rings for the rest.
    """
    filed = 0
    deadline = time.monotonic() + seconds
    while due := _due():
        for letter_id, file_at in due:
            if (limit is not None and filed >= limit) or time.monotonic() > deadline:
                bell.ring(outbox.INBOX)
                return filed
            if lease := _claim(letter_id, file_at):
                filed += _file(letter_id, lease)
    return filed


def _due() -> list[tuple[int, datetime]]:
    with database.reading():
        query = (
            select(Letter.id, Letter.file_at).where(Letter.file_at <= clock.now()).order_by(Letter.file_at, Letter.id)
        )
        rows = [(row.id, row.file_at) for row in db.session.execute(query.limit(_AT_ONCE))]
        db.session.rollback()
    return rows


def _claim(letter_id: int, file_at: datetime) -> datetime | None:
    """Take a letter by moving its moment on; None when a colleague was faster."""
    lease = clock.now() + LEASE
    claimed = db.session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.file_at == file_at)
        .values(file_at=lease, attempts=Letter.attempts + 1),
        execution_options={"synchronize_session": False},
    )
    is_mine = _rows(claimed) == 1
    outbox.commit()
    return lease if is_mine else None


def _file(letter_id: int, lease: datetime) -> bool:
    """One try; True when the letter is done with, as a request or as «Неразобранное письмо»."""
    try:
        parsed = _read(letter_id)
        failpoint.reach("letter parsed")
        return filing.file(letter_id, lease, parsed)
    except Unreadable as error:
        return _failed(letter_id, lease, error.reason, most=0 if error.is_final else MOST_TRIES)
    except (IllegalMove, StaleDataError) as error:
        db.session.rollback()  # a colleague changed the request meanwhile: look again
        return _failed(letter_id, lease, str(error), most=_MOST_RACES)
    except _OUR_TROUBLE:
        db.session.rollback()
        _release(letter_id, lease)
        raise
    except Exception as error:  # one letter must not stop the others
        log.exception("letter %s could not be filed", letter_id)
        db.session.rollback()
        return _failed(letter_id, lease, f"{type(error).__name__}: {error}"[:1000], most=MOST_TRIES)


def _read(letter_id: int) -> ParsedLetter:
    with database.reading():
        letter = db.session.get_one(Letter, letter_id, options=[undefer(Letter.raw)])
        raw, is_whole = letter.raw, letter.size == len(letter.raw)
        db.session.rollback()
    return child.parse(raw) if is_whole else child.glance(raw)


def _failed(letter_id: int, lease: datetime, reason: str, *, most: int) -> bool:
    with database.reading():
        attempts = db.session.scalar(select(Letter.attempts).where(Letter.id == letter_id)) or 0
        db.session.rollback()
    if attempts >= most:
        return filing.give_up(letter_id, lease, reason)
    pause = _PAUSES[min(attempts, len(_PAUSES)) - 1] if most == MOST_TRIES else timedelta(seconds=1)
    _put_back(letter_id, lease, {"file_at": clock.now() + pause, "error": reason})
    return False


def _release(letter_id: int, lease: datetime) -> None:
    """The fault was ours, not the letter's: this try does not count."""
    try:
        _put_back(letter_id, lease, {"file_at": clock.now() + _PAUSES[0], "attempts": Letter.attempts - 1})
    except _OUR_TROUBLE:
        db.session.rollback()  # the lease runs out by itself


def _put_back(letter_id: int, lease: datetime, values: dict[str, object]) -> None:
    db.session.execute(
        update(Letter).where(Letter.id == letter_id, Letter.file_at == lease).values(values),
        execution_options={"synchronize_session": False},
    )
    outbox.commit()


def _rows(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
