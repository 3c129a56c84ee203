"""Letters in: what was received is filed into requests."""

from __future__ import annotations

from app.intake import letters
from workers import job


def run() -> int:
    """File what was received."""
    return job.perform("inbox", letters.file_received)
