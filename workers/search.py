"""Searching: the words of requests that changed are written into its index."""

from __future__ import annotations

from app.search import indexing
from workers import job


def run() -> int:
    """Write the words of marked requests."""
    return job.perform("search", indexing.run)
