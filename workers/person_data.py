"""A person's data: what is to be erased or given out and takes longer than a page may."""

from __future__ import annotations

from app.person_data import jobs
from workers import job


def run() -> int:
    """Go on with what was begun."""
    return job.perform("person_data", jobs.run)
