"""Pages are tried without brakes, which share one Redis; the tests of the brakes set their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

UNLIMITED = {"FORM_LIMIT": "100000 per hour", "LOOKUP_LIMIT": "100000 per hour", "UPLOAD_LIMIT": "100000 per hour"}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application, with its context pushed."""
    app = make_app(**UNLIMITED)
    with app.app_context():
        yield app
