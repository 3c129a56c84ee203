"""What was asked for and is not done: gone on with by the workers, a while at a time."""

from __future__ import annotations

import time

from app.clock import now
from app.person_data import erasing, exports

AT_MOST = 8.0  # seconds; the clock, which does what has not ended for two slots, must see that this goes on


def run() -> int:
    """Erase and give out for a while; returns how many people were done with."""
    exports.tidy(now())
    until = time.monotonic() + AT_MOST
    done = 0
    for erasure_id in erasing.unfinished():
        if time.monotonic() > until:
            break
        done += erasing.proceed(erasure_id, now(), until - time.monotonic())
    for export_id in exports.unfinished():
        if time.monotonic() > until:
            break
        done += exports.make(export_id)
    return done
