"""Sending by SMTP through Flask-Mail: one connection for many letters, a time limit on every word, TLS verified."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from flask import current_app
from flask_mail import BadHeaderError, Connection

from app.config import settings
from app.notify.letter import Written
from app.translate import _

_PERMANENT, _CLOSING = 500, 421
_FAREWELL = 2.0  # seconds
_END_OF_DATA = b"\r\n.\r\n"


class Fate(StrEnum):
    """What became of one try."""

    ACCEPTED = auto()
    POSTPONED = auto()  # try again later
    UNSURE = auto()  # handed over whole, but the connection broke before the server's word: the same letter again
    REFUSED = auto()  # trying again is useless
    OVERTAKEN = auto()  # by time: nobody needs it any more


@dataclass(frozen=True)
class Result:
    fate: Fate
    error: str = ""
    is_slow: bool = False  # the server kept silent: others need not wait for it as well


class _Watched:
    """Mixed into smtplib's clients: remembers whether a whole letter, to its final dot, was handed over."""

    has_handed_over = False

    def send(self, s: Any) -> None:
        super().send(s)  # type: ignore[misc]  # smtplib's
        if bytes(s[-5:] if isinstance(s, bytes) else str(s)[-5:].encode()) == _END_OF_DATA:
            self.has_handed_over = True


class WatchedSMTP(_Watched, smtplib.SMTP):
    """Plain or STARTTLS."""


class WatchedSMTPS(_Watched, smtplib.SMTP_SSL):
    """TLS from the first byte."""


class DeskConnection(Connection):
    """Flask-Mail's connection with a time limit and verified certificates, which it lacks."""

    host: WatchedSMTP | WatchedSMTPS

    def configure_host(self) -> WatchedSMTP | WatchedSMTPS:
        """Connect and sign in; raises OSError or SMTPException. No password goes to a peer that is not verified."""
        limit = settings().mail_timeout.total_seconds()
        if self.mail.use_ssl:
            host: WatchedSMTP | WatchedSMTPS = WatchedSMTPS(
                self.mail.server, self.mail.port, timeout=limit, context=ssl.create_default_context()
            )
        else:
            host = WatchedSMTP(self.mail.server, self.mail.port, timeout=limit)
        try:
            if self.mail.use_tls and not self.mail.use_ssl:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host


class SmtpTransport:
    """One connection; opened by the first letter, opened again after it broke."""

    def __init__(self) -> None:
        self._connection: DeskConnection | None = None

    def open(self) -> str:
        """Connect if there is no connection; returns what went wrong, or nothing."""
        if self._connection is not None:
            return ""
        connection = DeskConnection(current_app.extensions["mail"])
        try:
            connection.host = connection.configure_host()
        except (OSError, smtplib.SMTPException) as error:
            return _("Почтовый сервер не отвечает: %(error)s", error=_said(error))
        self._connection = connection
        return ""

    def send(self, letter: Written) -> Result:
        """Hand over one letter; never raises for what a server does."""
        assert self._connection is not None
        host = self._connection.host
        host.has_handed_over = False
        try:
            self._connection.send(letter.message, envelope_from=letter.returns_to or settings().mail_default_sender)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            return self._answered(code, said)
        except smtplib.SMTPResponseException as error:
            return self._answered(error.smtp_code, error.smtp_error)
        except (BadHeaderError, smtplib.SMTPNotSupportedError, ValueError) as error:
            return Result(Fate.REFUSED, _("Письмо не составилось: %(error)s", error=_said(error)))
        except (smtplib.SMTPException, OSError) as error:
            fate = Fate.UNSURE if host.has_handed_over else Fate.POSTPONED
            self._drop()
            broken = _("Связь прервалась: %(error)s", error=_said(error))
            return Result(fate, broken, is_slow=isinstance(error, TimeoutError))
        return Result(Fate.ACCEPTED)

    def close(self) -> None:
        """End politely if the server still listens."""
        if self._connection is None:
            return
        host = self._connection.host
        try:
            if host.sock:
                host.sock.settimeout(_FAREWELL)
            host.quit()
        except (OSError, smtplib.SMTPException):
            self._drop()
        self._connection = None

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.host.close()
            self._connection = None

    def _answered(self, code: int, said: bytes | str) -> Result:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        if code == _CLOSING:
            self._drop()
        fate = Fate.REFUSED if code >= _PERMANENT else Fate.POSTPONED
        return Result(fate, f"{code} {' '.join(text.split())}"[:500])


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
