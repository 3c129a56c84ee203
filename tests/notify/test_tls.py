"""A mail server that cannot prove who it is gets neither password nor letter."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask

from app import notify
from app.models import DeliveryState
from tests.cast import request_of_carol
from tests.notify.mail_server import MailServer
from tests.notify.rows import deliveries, states
from tests.processes.desk import free_port

TLS = {"starttls": {"MAIL_USE_TLS": "on"}, "smtps": {"MAIL_USE_SSL": "on"}}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that its holder signed himself, for localhost."""
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run(
        [*command.split(), "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True
    )
    return folder


@pytest.mark.trust("I6")
@pytest.mark.parametrize("kind", ["starttls", "smtps"])
@pytest.mark.parametrize("is_trusted", [False, True])
def test_only_a_proven_server_gets_the_password(
    make_app: Callable[..., Flask], certificate: Path, monkeypatch: pytest.MonkeyPatch, kind: str, is_trusted: bool
) -> None:
    passwords: list[Any] = []

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        passwords.append(data)
        return AuthResult(success=True)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server, port = MailServer(), free_port()
    secured: dict[str, Any] = {"tls_context" if kind == "starttls" else "ssl_context": context}
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=port,
        authenticator=authenticate,
        auth_require_tls=kind == "starttls",
        **secured,
    )
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    controller.start()
    try:
        own = {"MAIL_SERVER": "localhost", "MAIL_PORT": str(port), "MAIL_USERNAME": "info", "MAIL_PASSWORD": "secret"}
        with make_app(**own, **TLS[kind]).app_context():
            request_of_carol()
            notify.run()
            if is_trusted:
                assert states() == [DeliveryState.ACCEPTED]
                assert len(passwords) == 1
            else:
                assert states() == [DeliveryState.WAITING]
                assert "certificate verify failed" in deliveries()[0].error.lower()
                assert passwords == []
                assert server.taken == []
    finally:
        controller.stop(no_assert=True)
