"""The listener: letters by SMTP and LMTP; its yes means committed, any trouble of ours means try again later."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ClassVar

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from flask import Flask

from app.address_lists import own_addresses_of, without_plus
from app.config import CONFIG_KEY, Settings
from app.intake import letterbox
from app.intake.letterbox import Gathering, Incoming

log = logging.getLogger(__name__)

TRY_LATER = "451 4.3.0 The letter could not be stored, please try again later"
KEPT = "250 2.0.0 Stored"
TOO_MANY = b"421 4.3.2 Too many letters at once, please try again later\r\n"
MOST_AT_ONCE = 100  # connections
_BATCH_LETTERS, _BATCH_BYTES = 200, 64 << 20
_TIMES_LIMIT = 10  # what is announced as SIZE: a letter over MAX_LETTER_MB is taken, too, by its header
_REBIND_AFTER = 1.0  # seconds


def serve(app: Flask) -> None:
    """Listen on SMTP_LISTEN and LMTP_LISTEN until SIGTERM or SIGINT; with neither set, only wait for the signal."""
    asyncio.run(listen(app, _until_signal))


async def listen(app: Flask, until: Callable[[], Any]) -> None:
    """Open the listeners, wait for ``until()``, close; what was being stored is stored."""
    settings: Settings = app.config[CONFIG_KEY]
    store = Store(app)
    servers = [
        await _bound(address, partial(receiver, settings, store, settings.max_letter_mb << 20))
        for address, receiver in ((settings.smtp_listen, Receiver), (settings.lmtp_listen, LmtpReceiver))
        if address
    ]
    try:
        await until()
    finally:
        for server in servers:
            server.close()
        await store.finish()


def is_ours(address: str, settings: Settings) -> bool:
    """The desk's mailboxes, their plus-addresses, and the envelope senders of our letters."""
    plain = without_plus(address)
    return plain in own_addresses_of(settings) or plain == f"bounce@{settings.mail_domain}"


class Store:
    """Commits what the connections bring, many letters in one transaction when many are waiting."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._waiting: list[tuple[Incoming, asyncio.Future[bool]]] = []
        self._thread = ThreadPoolExecutor(1, "store")
        self._running: asyncio.Task[None] | None = None

    async def keep(self, letter: Incoming) -> bool:
        """True once the letter is on disk; False when it is not and will not be."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((letter, done))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._drain())
        return await done

    async def finish(self) -> None:
        """Wait for what is being stored."""
        if self._running:
            await asyncio.wait([self._running], timeout=20)
        self._thread.shutdown(wait=True)

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch = self._next_batch()
            kept = await loop.run_in_executor(self._thread, self._commit, [letter for letter, _done in batch])
            for (_letter, done), is_kept in zip(batch, kept, strict=True):
                if not done.done():
                    done.set_result(is_kept)

    def _next_batch(self) -> list[tuple[Incoming, asyncio.Future[bool]]]:
        size = count = 0
        for letter, _done in self._waiting[:_BATCH_LETTERS]:
            size += len(letter.raw)
            if count and size > _BATCH_BYTES:
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    def _commit(self, letters: list[Incoming]) -> list[bool]:
        try:
            with self._app.app_context():
                letterbox.store_all(letters)
            return [True] * len(letters)
        except Exception:
            log.exception("%s letters could not be stored", len(letters))
        if len(letters) == 1:
            return [False]
        return [self._commit([letter])[0] for letter in letters]


class _Door:
    """Says which recipients are let in."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def handle_exception(self, error: Exception) -> str:
        """Whatever breaks in a conversation is ours: the client keeps the letter."""
        log.error("a mail conversation broke: %s: %s", type(error).__name__, error)
        return TRY_LATER

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not is_ours(address, self._settings):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"


class Receiver(SMTP):
    """One SMTP connection. DATA is read by us: any length of line, dots unstuffed, too large ones by their header."""

    line_length_limit = 1 << 16  # of one read, not of a line
    road = "smtp"
    open: ClassVar[set[Receiver]] = set()  # of both roads

    def __init__(self, settings: Settings, store: Store, limit: int) -> None:
        super().__init__(
            _Door(settings),
            hostname=settings.mail_domain,
            ident="HelpDesk",
            data_size_limit=limit * _TIMES_LIMIT,
            enable_SMTPUTF8=True,
        )
        self._store = store
        self._letter_limit = limit

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Letters are gathered in memory: who comes when many are being read comes again later."""
        is_new = self not in self.open  # STARTTLS makes the same connection twice
        if is_new and len(self.open) >= MOST_AT_ONCE and isinstance(transport, asyncio.WriteTransport):
            transport.write(TOO_MANY)
            transport.close()
            return
        self.open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.open.discard(self)
        if self.session is not None:  # who was sent away has none
            super().connection_lost(error)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        gathering = await self._read_letter()
        sender = "" if self.envelope.mail_from == "<>" else self.envelope.mail_from
        recipients = list(self.envelope.rcpt_tos)
        letter = letterbox.incoming(gathering, self.road, envelope_from=sender, envelope_to=recipients)
        is_kept = await self._store.keep(letter)
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self._answer(KEPT if is_kept else TRY_LATER, len(recipients))

    async def _answer(self, status: str, _recipients: int) -> None:
        await self.push(status)

    async def _read_letter(self) -> Gathering:
        """Everything up to the line that holds one dot; CRLF alone ends a line (no SMTP smuggling by a bare LF)."""
        gathering = Gathering(self._letter_limit)
        is_line_start = True
        while True:
            try:
                piece = await self._reader.readuntil(b"\r\n")
            except asyncio.LimitOverrunError as error:
                piece = await self._reader.read(error.consumed)
            if is_line_start and piece.startswith(b"."):
                if piece == b".\r\n":
                    return gathering
                piece = piece[1:]
            gathering.add(piece)
            is_line_start = piece.endswith(b"\r\n")
            self._reset_timeout()


class LmtpReceiver(Receiver):
    """One LMTP connection (RFC 2033): LHLO, and after the dot one answer for each recipient."""

    road = "lmtp"
    show_smtp_greeting = False

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg: str) -> None:  # noqa: ARG002, N802
        await self.push('500 5.5.1 Error: command "HELO" not recognized')

    async def smtp_EHLO(self, arg: str) -> None:  # noqa: ARG002, N802
        await self.push('500 5.5.1 Error: command "EHLO" not recognized')

    async def _answer(self, status: str, recipients: int) -> None:
        for _ in range(recipients):
            await self.push(status)


async def _bound(address: tuple[str, int], make: Callable[[], Receiver]) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    while True:
        try:
            return await loop.create_server(make, *address, backlog=256)
        except OSError as error:
            log.warning("%s:%s cannot be listened on yet: %s", *address, error)
            await asyncio.sleep(_REBIND_AFTER)


async def _until_signal() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
