"""Deadlines: what the passing of time alone makes due, who is called for it, once an hour what it leaves behind."""

from __future__ import annotations

import time

from app import alarms, clock, complaints, leftovers, paging
from app.tickets import measure
from workers import job

TIDY_EVERY = 3600.0  # seconds

_tidied = -TIDY_EVERY


def run() -> int:
    """Sweep the requests whose alarm has come."""
    return job.perform("deadlines", _work)


def _work() -> int:
    global _tidied
    if time.monotonic() - _tidied >= TIDY_EVERY:
        leftovers.sweep()
        _tidied = time.monotonic()
    try:
        touched = alarms.sweep()
    finally:  # whatever is wrong with one request, who is to be called for another is called
        paged = paging.sweep() + complaints.sweep(clock.now())
    return touched + paged + measure.sweep()
