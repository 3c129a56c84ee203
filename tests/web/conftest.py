"""Browsers of the staff and a request of Carol's. Pages are tried without brakes, which share one Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.models import Ticket
from tests.cast import alice, bob, masha, request_of_carol
from tests.servers import UNLIMITED
from tests.web.browse import Browser
from tests.web.signing_in import signed_in


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application, with its context pushed."""
    app = make_app(**UNLIMITED)
    with app.app_context():
        yield app


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    """Carol's, new."""
    return request_of_carol()


@pytest.fixture
def alices(app: Flask) -> Browser:
    return signed_in(app, alice())


@pytest.fixture
def bobs(app: Flask) -> Browser:
    return signed_in(app, bob())


@pytest.fixture
def manager(app: Flask) -> Browser:
    return signed_in(app, masha())


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
