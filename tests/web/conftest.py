"""Pages are tried without brakes, which share one Redis; the tests of the brakes set their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import db

UNLIMITED = {
    "FORM_LIMIT": "100000 per hour",
    "HEAD_LIMIT": "100000 per hour",
    "LOOKUP_LIMIT": "100000 per hour",
    "UPLOAD_LIMIT": "100000 per hour",
}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application, with its context pushed."""
    app = make_app(**UNLIMITED)
    with app.app_context():
        yield app


@pytest.fixture
def count_queries(app: Flask):
    """``with count_queries() as asked: …; asked()``: how many SELECTs the block sent."""

    @contextmanager
    def counting() -> Iterator[Callable[[], int]]:
        sent: list[str] = []

        def note(_connection, _cursor, statement: str, *_rest) -> None:
            sent.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        yield lambda: sum(statement.startswith("SELECT") for statement in sent)
        event.remove(db.engine, "before_cursor_execute", note)

    return counting
