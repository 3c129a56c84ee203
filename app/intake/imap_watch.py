"""Mailboxes watched day and night: IDLE, a full reading each minute all the same, and an alert when one is silent."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta

from flask import Flask
from imapclient import IMAPClient

from app import clock, escalations, outbox
from app.config import settings
from app.extensions import db
from app.intake import imap
from app.intake.imap import Address
from app.models.letter import Mailbox
from app.translate import _

log = logging.getLogger(__name__)

POLL_EVERY = 60.0  # seconds; a full reading, whatever IDLE says
LONGEST_PAUSE = 60.0  # seconds between tries at a mailbox that does not answer
_IDLE_SLICE = 2.0  # seconds; how fast a reader that waits notices the end
SILENT_AFTER = timedelta(minutes=15)


def watch(app: Flask, stop: threading.Event) -> None:
    """Read every mailbox of IMAP_URL until ``stop``, each in a thread of its own: a failing one stops no other."""
    with app.app_context():
        urls = settings().imap_url
    for url in urls:
        address = Address.parse(url)
        threading.Thread(target=_keep_reading, args=(app, address, stop), name=address.name, daemon=True).start()


def _keep_reading(app: Flask, address: Address, stop: threading.Event) -> None:
    pause = 1.0
    since = clock.now()
    while not stop.is_set():
        client: IMAPClient | None = None
        try:
            client = imap.connected(address)
            can_idle = b"IDLE" in client.capabilities()
            while not stop.is_set():
                with app.app_context():
                    imap.read(client, address)
                pause, since = 1.0, clock.now()
                _wait(client, stop, can_idle=can_idle)
        except Exception as error:  # noqa: BLE001 - whatever happened, try again: the mailbox keeps what is not committed
            log.warning("%s cannot be read: %s", address.name, error)
            _report(app, address, since, f"{type(error).__name__}: {error}"[:500])
        if client:
            with suppress(Exception):
                client.shutdown()
        stop.wait(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


def _wait(client: IMAPClient, stop: threading.Event, *, can_idle: bool) -> None:
    """Until something new is announced, or the next full reading is due."""
    if not can_idle:
        stop.wait(POLL_EVERY)
        return
    until = time.monotonic() + POLL_EVERY
    client.idle()
    while not stop.is_set() and time.monotonic() < until and not client.idle_check(timeout=_IDLE_SLICE):
        pass
    client.idle_done()


def _report(app: Flask, address: Address, since: datetime, error: str) -> None:
    """Note the trouble; the manager hears of it when it lasts."""
    try:
        with app.app_context(), outbox.transaction():
            mailbox = db.session.get(Mailbox, address.name)
            if mailbox:
                mailbox.error = error
            last = mailbox.reading_began_at if mailbox else None
            if clock.now() - (last or since) > SILENT_AFTER:
                text = _("Почтовый ящик %(name)s не читается: %(error)s", name=address.name, error=error)
                escalations.report_system(address.name, text, clock.now())
    except Exception:
        log.exception("The trouble of %s could not be noted", address.name)
