"""Letters in: what was received is filed into requests."""

from __future__ import annotations

from functools import partial

from app.intake import letters
from workers import job

AT_MOST = 100.0  # seconds, well below the job's own limit, which would break into the middle of a letter


def run() -> int:
    """File what was received."""
    return job.perform("inbox", partial(letters.file_received, seconds=AT_MOST))
