"""A mail server that takes letters whole and answers as the test wants, recipient by recipient."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.notify.letters import read
from tests.processes.desk import free_port

DROP = "drop"  # the letter is taken, then the connection breaks without a word


@dataclass(frozen=True)
class Taken:
    """A letter that was read to its final dot, whatever was answered."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def letter(self) -> EmailMessage:
        return read(self.raw)


@dataclass
class MailServer:
    """``answers[recipient]``: what to say to the next letters to them, in turn; after that, yes."""

    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, str] = field(default_factory=dict)  # answers to RCPT, for good
    connections: int = 0
    pause: float = 0.0  # seconds before each answer
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def to(self, recipient: str) -> list[EmailMessage]:
        return [one.letter for one in self.taken if one.recipient == recipient]

    def subjects(self, recipient: str) -> list[str]:
        return [str(letter["Subject"]) for letter in self.to(recipient)]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if self.pause:
            await asyncio.sleep(self.pause)
        recipient = str(envelope.rcpt_tos[0])
        with self.lock:
            answer = self.answers[recipient].pop(0) if self.answers[recipient] else "250 Taken"
            if not answer.startswith(("4", "5")):
                self.taken.append(Taken(str(envelope.mail_from), recipient, envelope.content))
        if answer == DROP:
            server.transport.abort()
        return answer


@contextmanager
def running() -> Iterator[MailServer]:
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port, ready_timeout=20)
    controller.start()
    try:
        yield server
    finally:
        controller.stop(no_assert=True)
