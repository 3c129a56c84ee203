"""What was asked for and is not done: gone on with by the workers, a while at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial

from app.clock import now
from app.extensions import db
from app.person_data import erasing, exports

log = logging.getLogger(__name__)

AT_MOST = 8.0  # seconds; the clock, which does what has not ended for two slots, must see that this goes on


def run() -> int:
    """Erase and give out for a while; returns how many people were done with.

    One that fails holds up no other; what was wrong with it is raised once the others have had their turn.
    """
    until = time.monotonic() + AT_MOST
    work: list[Callable[[], int]] = [_tidy]
    work += [partial(_erase, one, until) for one in erasing.unfinished()]
    work += [partial(exports.make, one) for one in exports.unfinished()]
    done, trouble = 0, None
    for one in work:
        if time.monotonic() > until:
            break
        try:
            done += one()
        except Exception as error:
            db.session.rollback()
            log.exception("A person's data: one was left for the next time.")
            trouble = error
    if trouble is not None:
        raise trouble
    return done


def _tidy() -> int:
    exports.tidy(now())
    return 0


def _erase(erasure_id: int, until: float) -> bool:
    return erasing.proceed(erasure_id, now(), max(0.0, until - time.monotonic()))
