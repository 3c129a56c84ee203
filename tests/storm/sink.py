"""A mail server of moods: takes letters, defers, refuses, breaks off after the dot, or says nothing at all."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from enum import StrEnum, auto
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.processes.desk import free_port


class Mood(StrEnum):
    OK = auto()
    DEFER = auto()  # 451 after the letter
    REFUSE = auto()  # 550 to every recipient
    DROP = auto()  # keeps the letter and breaks off without a word
    HANG = auto()  # keeps silent for longer than anybody waits


HANG_SECONDS = 25


@dataclass(frozen=True)
class Taken:
    """One letter that reached the sink; ``is_answered``: the desk was told so."""

    recipient: str
    message_id: str
    ticket: str
    subject: str
    is_answered: bool


@dataclass
class Sink:
    """The server; ``mood`` may change at any time."""

    mood: Mood = Mood.OK
    taken: list[Taken] = field(default_factory=list)
    port: int = 0
    _controller: Controller | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __enter__(self) -> Self:
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._controller is not None
        self._controller.stop(no_assert=True)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.mood is Mood.REFUSE:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        mood = self.mood
        if mood is Mood.HANG:
            await asyncio.sleep(HANG_SECONDS)
            return "451 4.3.0 Too late"
        if mood is Mood.DEFER:
            return "451 4.3.0 Try again later"
        self._take(envelope, is_answered=mood is not Mood.DROP)
        if mood is Mood.DROP:
            server.transport.abort()
        return "250 Taken"

    def _take(self, envelope: Envelope, *, is_answered: bool) -> None:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content)
        with self._lock:
            self.taken += [
                Taken(
                    recipient=str(recipient).lower(),
                    message_id=str(letter["Message-ID"]).strip(),
                    ticket=str(letter["X-HelpDesk-Ticket"] or ""),
                    subject=str(letter["Subject"]),
                    is_answered=is_answered,
                )
                for recipient in envelope.rcpt_tos
            ]
