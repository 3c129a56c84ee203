"""Letters and messages out: events become deliveries, deliveries are sent."""

from __future__ import annotations

from app import notify
from workers import job


def run() -> int:
    """Drain and send what is due."""
    return job.perform("notify", notify.run)
