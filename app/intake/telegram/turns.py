"""Answering what was received: each update is claimed, made a turn of, and answered by the dialogue exactly once."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app import bell, clock, database, failpoint, outbox
from app.bot_api import Client, RetryAfter, Unreachable
from app.errors import IllegalMove
from app.extensions import db
from app.intake.mime.text import clean_line
from app.intake.telegram import claims, dialogue, downloads, giving_up, reading, settling
from app.intake.telegram.claims import Claim
from app.intake.telegram.downloads import Fetched
from app.intake.telegram.reading import Reading
from app.translate import _

log = logging.getLogger(__name__)

MOST_TRIES = 3
_MOST_RACES, _MOST_FETCHES = 12, 6
_PAUSES = (timedelta(seconds=3), timedelta(seconds=15))  # before the second and the third try
_DEADLY = "на этом сообщении обрывается сама обработка"
_A_MOMENT = timedelta(seconds=1)
_OUR_TROUBLE = (OperationalError, InterfaceError, OSError)


class _Lost(Exception):
    """The lease ran out, and a colleague has the update."""


def answer_received(client: Client, limit: int | None = None, *, seconds: float = math.inf) -> int:
    """Answer what is due, oldest first, and register what was left lying; returns how many things were done.

    After ``limit`` updates, or ``seconds``, it stops between two and rings for the rest.
    """
    done = dialogue.run_due(clock.now())
    answered = 0
    deadline = time.monotonic() + seconds
    while due := claims.due():
        for one in due:
            if (limit is not None and answered >= limit) or time.monotonic() > deadline:
                bell.ring(outbox.TELEGRAM)
                return done + answered
            if claim := claims.take(one):
                is_done = giving_up.give_up(claim, _(_DEADLY)) if one.is_deadly else _Work(client, claim).do()
                answered += is_done
    return done + answered


class _Work:
    """One try at one claim."""

    def __init__(self, client: Client, claim: Claim) -> None:
        self._client, self._claim = client, claim
        self._attempts = 1

    def do(self) -> bool:
        """True when it is done with, answered or given up."""
        try:
            failpoint.reach("update claimed")
            known = self._read()
            fetched = self._fetch(known)
            failpoint.reach("update files kept")
            is_done = settling.settle(self._claim, known, fetched)
            failpoint.reach("update answered")
        except _Lost:
            return False
        except (IllegalMove, StaleDataError) as error:
            db.session.rollback()  # a colleague changed the request meanwhile: look again
            return self._failed(str(error), most=_MOST_RACES, pauses=(_A_MOMENT,))
        except (RetryAfter, Unreachable) as error:
            return self._failed(str(error), most=math.inf, pauses=_PAUSES)
        except _OUR_TROUBLE:
            db.session.rollback()
            self._release()
            raise
        except Exception as error:  # one update must not stop the others
            log.exception("update %s could not be answered", self._claim.update_id)
            db.session.rollback()
            return self._failed(f"{type(error).__name__}: {error}", most=MOST_TRIES, pauses=_PAUSES)
        if known.query_id:
            settling.let_rest(self._client, known.query_id)
        return is_done

    def _read(self) -> Reading:
        with database.reading():
            rows = claims.rows(self._claim)
            parts = [reading.read(reading.load(row.raw)) for row in rows]
            self._attempts = max((row.attempts for row in rows), default=1)
            db.session.rollback()
        return reading.together(parts)

    def _fetch(self, known: Reading) -> Fetched:
        """Its files; those that did not come in so many tries are named as missing, for the words must not wait."""
        if known.filed or not known.files:
            return Fetched()
        if self._attempts > _MOST_FETCHES:
            return Fetched(too_large=[file.name for file in known.files])
        with database.reading():
            wanted = downloads.new_ones(known) if known.is_edited else known.files
            room = downloads.room(known.chat_id, clock.now())
            db.session.rollback()
        return downloads.fetch(self._client, wanted, self._stay, room)

    def _stay(self) -> None:
        renewed = claims.renew(self._claim)
        if renewed is None:
            raise _Lost
        self._claim = renewed

    def _failed(self, reason: str, *, most: float, pauses: Sequence[timedelta]) -> bool:
        reason = clean_line(reason)[:1000]
        if self._attempts >= most:
            return giving_up.give_up(self._claim, reason)
        if pauses is _PAUSES and self._attempts == 1:
            giving_up.apologise(self._claim)
        claims.put_back(self._claim, pauses[min(self._attempts, len(pauses)) - 1], reason)
        return False

    def _release(self) -> None:
        """The fault was ours, not the update's: this try does not count."""
        try:
            claims.put_back(self._claim, _PAUSES[0], "", is_counted=False)
        except _OUR_TROUBLE:
            db.session.rollback()  # the lease runs out by itself
