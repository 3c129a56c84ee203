"""The member of staff who makes this request: as an author of changes, and as a reader of pages."""

from __future__ import annotations

from flask_login import current_user

from app import wordings
from app.actor import Actor
from app.clock import now
from app.config import settings
from app.reading.reader import Reader


def actor() -> Actor:
    return current_user.actor  # type: ignore[no-any-return]  # Flask-Login has no types


def reader() -> Reader:
    return _reader(actor().staff_id)


def outside_reader() -> Reader:
    """Whoever reads a page without an account here."""
    return _reader(None)


def _reader(staff_id: int | None) -> Reader:
    return Reader(staff_id, now(), settings().time_zone, wordings.current())
