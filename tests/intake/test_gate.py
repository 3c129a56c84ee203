"""What a stranger can learn from the listener for letters: nothing."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app import config
from tests.intake.test_smtp import Listener
from tests.processes.desk import free_port


@pytest.fixture
def listener(make_app: Callable[..., Flask]) -> Iterator[Listener]:
    port, lmtp_port = free_port(), free_port()
    app = make_app(SMTP_LISTEN=f"127.0.0.1:{port}", LMTP_LISTEN=f"127.0.0.1:{lmtp_port}")
    with Listener(app, port, lmtp_port) as listening, app.app_context():
        yield listening


@pytest.mark.trust("M18")
def test_the_gate_is_on_this_machine_alone_and_tells_nothing(listener: Listener) -> None:
    assert config.read({"SECRET_KEY": "0" * 48}).smtp_listen == ("127.0.0.1", 2525)
    commands = ("HELP", "x" * 99, "EXPN info", "MAIL FROM:<a@b.ru>", "RCPT TO:<carol@romashka.ru>", "DATA")
    with smtplib.SMTP() as client:
        said = [client.connect("127.0.0.1", listener.port), client.ehlo(), client.verify("carol@romashka.ru")]
        said += [client.docmd(command) for command in commands]
    words = b"\n".join(answer for _code, answer in said).lower()
    assert not [word for word in (b"python", b"aiosmtpd", b"traceback", b"/", b"carol") if word in words], words
