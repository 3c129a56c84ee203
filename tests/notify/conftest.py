"""A desk that sends through a mail server of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from app import clock
from tests.notify import mail_server
from tests.notify.mail_server import MailServer

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server.running() as server:
        yield server


@pytest.fixture
def desk(make_app: Callable[..., Flask], server: MailServer) -> Iterator[Flask]:
    """The application, sending to the server, on a Monday morning; what is written on pages leaves at once."""
    app = make_app(
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=str(server.port),
        MAIL_TIMEOUT="3s",
        PUBLIC_URL="https://help.stekspb.ru",
    )
    with app.app_context():
        clock.shift(MONDAY - clock.now())
        yield app


@pytest.fixture
def quiet_desk(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application without a mail server: letters are kept."""
    app = make_app(PUBLIC_URL="https://help.stekspb.ru")
    with app.app_context():
        clock.shift(MONDAY - clock.now())
        yield app
