"""A mail server that takes what the desk sends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.notify import mail_server
from tests.notify.mail_server import MailServer


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server.running() as server:
        yield server
