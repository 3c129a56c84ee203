"""Deadlines: what the passing of time alone makes due, who is called for it, once an hour what it leaves behind."""

from __future__ import annotations

import logging
import time

from app import alarms, clock, complaints, leftovers, paging
from app.tickets import measure
from workers import job

log = logging.getLogger(__name__)

TIDY_EVERY = 3600.0  # seconds

_tidied = -TIDY_EVERY


def run() -> int:
    """Sweep the requests whose alarm has come."""
    return job.perform("deadlines", _work)


def _work() -> int:
    if time.monotonic() - _tidied >= TIDY_EVERY:
        _tidy()
    try:
        touched = alarms.sweep()
    finally:  # whatever is wrong with one request, who is to be called for another is called
        paged = paging.sweep() + complaints.sweep(clock.now())
    return touched + paged + measure.sweep()


def _tidy() -> None:
    global _tidied
    _tidied = time.monotonic()
    try:
        leftovers.sweep()
    except OSError as error:  # deadlines do not wait for a disk
        log.warning("What is left behind could not be cleared away: %s", error)
