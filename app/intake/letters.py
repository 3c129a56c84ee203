"""Filing what was received: each letter is claimed, read in the child, and made part of a request exactly once."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, case, func, or_, select, update
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import undefer
from sqlalchemy.orm.exc import StaleDataError

from app import bell, clock, database, failpoint, outbox
from app.errors import IllegalMove
from app.extensions import db
from app.intake import filing
from app.intake.letterbox import UNFETCHABLE, store, store_all
from app.intake.mime import child
from app.intake.mime.letter import ParsedLetter, Unreadable
from app.models.letter import Letter
from app.translate import _

__all__ = ["file_received", "store", "store_all"]

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)  # longer than the parser may take, so that a worker's death costs no more than that
MOST_TRIES = 3
MOST_DEATHS = 5  # tries of its own from which no worker came back; one or two can be a restart's fault
_MOST_RACES = 12
_TOGETHER = -1  # ``attempts`` of a letter that is read among others: should the worker die, it has spent no try
_PAUSES = (timedelta(seconds=3), timedelta(seconds=15))  # before the second and the third try
_OUR_TROUBLE = (OperationalError, InterfaceError, OSError)
_AT_ONCE = 6  # letters of one claim and commit
_READING = 15.0  # seconds after which no further letter of a claim is begun: all are filed well before the lease ends
_FARTHEST = timedelta(minutes=5)  # no letter waits for longer: what says so was written before the clock was set back
_IS_DUE = or_(Letter.file_at <= bindparam("at"), Letter.file_at > bindparam("far"))
_DUE = select(Letter.id).where(_IS_DUE).limit(1)
_DUE_LONGEST = (
    select(Letter.id, Letter.attempts, Letter.error)
    .where(_IS_DUE)
    .order_by(Letter.file_at, Letter.id)
    .with_for_update(skip_locked=True)
)
_DEADLY = "на этом письме обрывается сама обработка"


def file_received(limit: int | None = None, *, seconds: float = math.inf) -> int:
    """File what is due, oldest first; returns how many letters were brought to an end.

    After ``limit`` letters, or ``seconds``, it stops between two letters and rings for the rest.
    """
    filed = 0
    deadline = time.monotonic() + seconds
    while _is_due():
        if (limit is not None and filed >= limit) or time.monotonic() > deadline:
            bell.ring(outbox.INBOX)
            break
        lease, letter_ids, is_deadly = _claim(_AT_ONCE if limit is None else min(_AT_ONCE, limit - filed))
        if is_deadly:
            filed += filing.give_up(letter_ids[0], lease, _(_DEADLY))
        else:
            filed += _file_together(letter_ids, lease)
    return filed


def _is_due() -> bool:
    with database.reading():
        found = db.session.scalar(_DUE, _moments()) is not None
        db.session.rollback()
    return found


def _moments() -> dict[str, datetime]:
    at = clock.now()
    return {"at": at, "far": at + _FARTHEST}


def _claim(most: int) -> tuple[datetime, list[int], bool]:
    """Take the letters that are due longest, by moving their moment on; none where colleagues were faster.

    Few, for a worker that dies leaves them all to the end of the lease; and what a worker may have died of goes alone.
    The last of the three: whether it has done that too often to be read once more.
    """
    lease = clock.now() + LEASE
    with outbox.transaction():
        due = _of_one_claim(db.session.execute(_DUE_LONGEST.limit(most), _moments()).all())
        letter_ids = [one.id for one in due]
        if letter_ids:
            alone = case((Letter.attempts < 0, 1), else_=Letter.attempts + 1)
            attempts = alone if len(letter_ids) == 1 else _TOGETHER
            db.session.execute(
                update(Letter).where(Letter.id.in_(letter_ids)).values(file_at=lease, attempts=attempts, error=""),
                execution_options={"synchronize_session": False},
            )
    is_deadly = len(due) == 1 and due[0].attempts >= MOST_DEATHS and not due[0].error
    return lease, letter_ids, is_deadly


def _of_one_claim(due: Sequence[Row[int, int, str]]) -> list[Row[int, int, str]]:
    """Letters that were never begun go together; one that was begun before goes by itself."""
    if due and due[0].attempts:
        return [due[0]]
    return [one for one in due if not one.attempts]


def _file_together(letter_ids: Sequence[int], lease: datetime) -> int:
    """One commit for all that can be read, as most letters are well; where one is not, each for itself."""
    parsed: dict[int, ParsedLetter] = {}
    try:
        done = _read_all(letter_ids, lease, parsed)
        try:
            return done + (filing.file(lease, parsed) if parsed else 0)
        except _OUR_TROUBLE:
            raise
        except Exception:  # noqa: BLE001  the one that is at fault says so when it is tried alone
            db.session.rollback()
            return done + sum(_file(letter_id, lease, letter) for letter_id, letter in parsed.items())
    except _OUR_TROUBLE:
        db.session.rollback()
        _release(letter_ids, lease)
        raise


def _read_all(letter_ids: Sequence[int], lease: datetime, parsed: dict[int, ParsedLetter]) -> int:
    """Fill ``parsed``; returns how many were brought to an end because they cannot be read."""
    done = 0
    began = time.monotonic()
    for place, letter_id in enumerate(letter_ids):
        if place and time.monotonic() - began > _READING:
            _release(letter_ids[place:], lease)
            break
        try:
            parsed[letter_id] = _read(letter_id)
        except Unreadable as error:
            done += _failed(letter_id, lease, error.reason, most=0 if error.is_final else MOST_TRIES)
        except _OUR_TROUBLE:
            raise
        except Exception as error:  # one letter must not stop the others
            log.exception("letter %s could not be read", letter_id)
            db.session.rollback()
            done += _failed(letter_id, lease, f"{type(error).__name__}: {error}"[:1000], most=MOST_TRIES)
    return done


def _file(letter_id: int, lease: datetime, parsed: ParsedLetter) -> bool:
    """One try; True when the letter is done with, as a request or as «Неразобранное письмо»."""
    try:
        return filing.file(lease, {letter_id: parsed}) == 1
    except (IllegalMove, IntegrityError, StaleDataError) as error:
        db.session.rollback()  # a colleague changed the request, or filed this letter's twin, meanwhile: look again
        return _failed(letter_id, lease, str(error), most=_MOST_RACES)
    except _OUR_TROUBLE:
        db.session.rollback()
        _release([letter_id], lease)
        raise
    except Exception as error:  # one letter must not stop the others
        log.exception("letter %s could not be filed", letter_id)
        db.session.rollback()
        return _failed(letter_id, lease, f"{type(error).__name__}: {error}"[:1000], most=MOST_TRIES)


def _read(letter_id: int) -> ParsedLetter:
    with database.reading():
        letter = db.session.get_one(Letter, letter_id, options=[undefer(Letter.raw)])
        raw, is_whole, signals = letter.raw, letter.size == len(letter.raw), letter.signals
        db.session.rollback()
    if UNFETCHABLE in signals:
        raise Unreadable(_("почтовый ящик не отдаёт это письмо, откройте его там"), is_final=True)
    parsed = child.parse(raw) if is_whole else child.glance(raw)
    failpoint.reach("letter parsed")
    return parsed


def _failed(letter_id: int, lease: datetime, reason: str, *, most: int) -> bool:
    with database.reading():
        attempts = db.session.scalar(select(func.abs(Letter.attempts)).where(Letter.id == letter_id)) or 0
        db.session.rollback()
    if attempts >= most:
        return filing.give_up(letter_id, lease, reason)
    pause = _PAUSES[min(attempts, len(_PAUSES)) - 1] if most == MOST_TRIES else timedelta(seconds=1)
    _put_back([letter_id], lease, {"file_at": clock.now() + pause, "attempts": attempts, "error": reason})
    return False


def _release(letter_ids: Sequence[int], lease: datetime) -> None:
    """The fault was ours, not the letters': this try does not count."""
    try:
        unspent = case((Letter.attempts < 0, 0), else_=Letter.attempts - 1)
        _put_back(letter_ids, lease, {"file_at": clock.now() + _PAUSES[0], "attempts": unspent})
    except _OUR_TROUBLE:
        db.session.rollback()  # the lease runs out by itself


def _put_back(letter_ids: Sequence[int], lease: datetime, values: dict[str, object]) -> None:
    db.session.execute(
        update(Letter).where(Letter.id.in_(letter_ids), Letter.file_at == lease).values(values),
        execution_options={"synchronize_session": False},
    )
    outbox.commit()
