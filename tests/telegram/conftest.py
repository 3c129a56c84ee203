"""Telegram for tests: the strict fake server, and an application whose bot uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.telegram import fake as server
from tests.telegram.fake import FakeBotApi, User


@pytest.fixture
def fake() -> Iterator[FakeBotApi]:
    """A Bot API of this test's own."""
    with server.running() as running:
        yield running


@pytest.fixture
def app(make_app: Callable[..., Flask], fake: FakeBotApi) -> Iterator[Flask]:
    """The application with a bot, its context pushed."""
    app = make_app(**fake.settings)
    with app.app_context():
        yield app


@pytest.fixture
def carol(fake: FakeBotApi) -> User:
    """Carol's account in Telegram; in the desk she is tests.cast.carol()."""
    return fake.user("Ольга", "Петрова", phone="+79005550144")
