"""Deadlines: what the passing of time alone makes due."""

from __future__ import annotations

from app import alarms
from workers import job


def run() -> int:
    """Sweep the requests whose alarm has come."""
    return job.perform("deadlines", alarms.sweep)
