"""Pages to the webhook: the clock sends them in a thread of its own, so that a receiver that hangs delays nobody."""

from __future__ import annotations

from app.notify import webhook
from workers import job

is_due = webhook.is_due


def run() -> int:
    """Post what is due."""
    return job.perform("webhook", webhook.send)
