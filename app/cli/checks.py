"""What `flask doctor` looks at: each check says how it is and, where it is not well, how to mend it."""

from __future__ import annotations

import os
import shutil
import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import func, select, text

from app import bell, clock, files, heartbeats, migrations, store_watch, virus_scan
from app.cli import people_checks
from app.cli.findings import Finding, Level, ok
from app.config import settings
from app.extensions import db, redis_client
from app.models.running import Sweep
from app.models.staff import Staff
from app.paging.reach import reach

GIGABYTE = 1 << 30
LEAST_FREE, LITTLE_FREE = GIGABYTE // 2, 2 * GIGABYTE
MOST_SKEW = timedelta(seconds=5)


def all_checks() -> Iterator[Callable[[], Finding]]:
    """Each in the order of what depends on it."""
    yield from (
        _settings,
        _secrecy,
        _database,
        _migrations,
        _staff,
        _redis,
        _smtp,
        *_mailboxes(),
        _telegram,
        _paging,
        people_checks.on_duty,
        people_checks.complaints,
        _disk,
        _files,
        _virus_scan,
        _clock,
    )
    yield _processes


def _settings() -> Finding:
    own = settings()
    if not os.access(own.data_dir, os.W_OK):
        return Finding("settings", Level.FAIL, f"{own.data_dir} cannot be written", "give DATA_DIR to this user")
    return ok("settings", f"read; data in {own.data_dir}")


def _secrecy() -> Finding:
    if settings().is_https:
        return ok("address", settings().public_url)
    words = (
        f"{settings().public_url} is plain http: cookies travel readable and the live page works on this machine only"
    )
    return Finding("address", Level.WARN, words, "put TLS in front and set PUBLIC_URL to https://…")


def _database() -> Finding:
    if settings().is_sqlite:
        version = db.session.scalar(text("SELECT sqlite_version()"))
        return ok("database", f"SQLite {version}; for many engineers at once take PostgreSQL")
    version = db.session.scalar(text("SHOW server_version"))
    if db.session.scalar(text("SHOW synchronous_commit")) == "off":
        words = f"PostgreSQL {version} may lose what it has confirmed"
        return Finding("database", Level.FAIL, words, "set synchronous_commit = on")
    return ok("database", f"PostgreSQL {version}")


def _migrations() -> Finding:
    current, newest = migrations.current(), migrations.newest()
    if current == newest:
        return ok("migrations", f"up to date ({newest})")
    words = f"the database is at {current or 'nothing'}, this code wants {newest}"
    return Finding("migrations", Level.FAIL, words, "flask db upgrade")


def _staff() -> Finding:
    count = db.session.scalar(select(func.count(Staff.id)).where(Staff.is_disabled.is_(False)))
    if count:
        return ok("staff", f"{count} can sign in")
    return Finding("staff", Level.WARN, "nobody can sign in", "flask staff add EMAIL --name NAME --role admin")


def _redis() -> Finding:
    if bell.is_answering():
        return ok("redis", "answers")
    return Finding(
        "redis", Level.FAIL, "does not answer; work is done from SQL, slower", "start Redis or mend REDIS_URL"
    )


def _smtp() -> Finding:
    own = settings()
    if not own.mail_server:
        words = f"MAIL_SERVER is not set: letters are kept in {own.kept_mail_dir}"
        return Finding("smtp", Level.WARN, words, "set MAIL_SERVER to send them")
    from app.notify.smtp import DeskConnection

    connection = DeskConnection(current_app.extensions["mail"])
    try:
        host = connection.configure_host()
        host.noop()
        host.quit()
    except (OSError, smtplib.SMTPException) as error:
        words = f"{own.mail_server}:{own.mail_port}: {_said(error)}"
        return Finding(
            "smtp", Level.FAIL, words, "mend MAIL_SERVER, MAIL_PORT, MAIL_USERNAME, MAIL_PASSWORD, MAIL_USE_TLS"
        )
    return ok("smtp", f"{own.mail_server}:{own.mail_port} takes letters of {own.mail_default_sender}")


def _mailboxes() -> Iterator[Callable[[], Finding]]:
    if not settings().imap_url:
        yield lambda: ok("imap", "IMAP_URL is not set: letters come by SMTP, LMTP or the pipe")
    for url in settings().imap_url:
        yield lambda url=url: _mailbox(url)  # type: ignore[misc]  # the url of this turn


def _mailbox(url: str) -> Finding:
    from imapclient.exceptions import IMAPClientError

    from app.intake.imap import Address, connected

    name = "IMAP_URL"
    try:
        address = Address.parse(url)
        name = address.name
        client = connected(address)
        count = client.select_folder(address.folder, readonly=True)[b"EXISTS"]
        client.logout()
    except (OSError, ValueError, IMAPClientError) as error:
        return Finding(
            "imap", Level.FAIL, f"{name}: {_said(error)}", "mend IMAP_URL (imaps://user:password@host:993/INBOX)"
        )
    return ok("imap", f"{name} opens, {count} letters in it")


def _telegram() -> Finding:
    own = settings()
    if not own.telegram_bot_token:
        return ok("telegram", "TELEGRAM_BOT_TOKEN is not set: no bot")
    from app.bot_api import BotApiError, the_client

    try:
        client = the_client()
        name, hook = client.me().get("username", ""), client.webhook()
    except BotApiError as error:
        words = f"{own.telegram_api_url} does not know the bot: {_said(error)}"
        return Finding("telegram", Level.FAIL, words, "mend TELEGRAM_BOT_TOKEN or TELEGRAM_API_URL")
    if name.lower() != own.firm_bot.lower():
        return Finding("telegram", Level.WARN, f"the bot is @{name}, pages name @{own.firm_bot}", "set FIRM_BOT")
    if (at := hook.get("url", "")) != own.telegram_webhook:
        words = f"Telegram posts updates to {at or 'nowhere'}, not to {own.telegram_webhook or 'nowhere'}"
        return Finding("telegram", Level.WARN, words, "flask telegram webhook set, or delete; the bot does it as well")
    if hook.get("pending_update_count") and (said := hook.get("last_error_message")):
        return Finding("telegram", Level.WARN, f"Telegram cannot post updates: {said}", "mend TELEGRAM_WEBHOOK")
    return ok("telegram", f"@{name}, {'posts updates here' if at else 'is asked for updates'}")


def _paging() -> Finding:
    if (found := reach(clock.now())).ways:
        return ok("paging", found.words)
    return Finding("paging", Level.WARN, found.words, "set MAIL_SERVER, TELEGRAM_BOT_TOKEN or PAGE_WEBHOOK_URL")


def _disk() -> Finding:
    free = shutil.disk_usage(settings().data_dir).free
    words = f"{free / GIGABYTE:.1f} GB free under DATA_DIR"
    if free < LITTLE_FREE:
        level = Level.FAIL if free < LEAST_FREE else Level.WARN
        return Finding("disk", level, words, "free some space or move DATA_DIR")
    return ok("disk", words)


def _files() -> Finding:
    missing = [kept for folder in files.folders() for kept in store_watch.missing_in(folder)]
    if missing:
        names = ", ".join(kept.storage_id for kept in missing[:5])
        return Finding("files", Level.FAIL, f"{len(missing)} files of requests are gone: {names}", "restore a backup")
    return ok("files", "every file of a request is on the disk")


def _virus_scan() -> Finding:
    named = settings().virus_scan
    if not named:
        return ok("viruses", "VIRUS_SCAN is not set: files are not scanned")
    try:
        virus_scan.ping()
    except virus_scan.ScanFailed as error:
        return Finding("viruses", Level.FAIL, f"files come in without a scan: {_said(error)}", "mend VIRUS_SCAN")
    return ok("viruses", f"{named} scans files")


def _clock() -> Finding:
    here = datetime.now(UTC)
    others = {name: at for name, at in _other_clocks() if abs(at - here) > MOST_SKEW}
    if others:
        words = ", ".join(f"{name} says {at:%Y-%m-%d %H:%M:%S}" for name, at in others.items())
        return Finding(
            "clock", Level.FAIL, f"this machine says {here:%Y-%m-%d %H:%M:%S} UTC, {words}", "switch on NTP on both"
        )
    last = db.session.scalar(select(func.max(Sweep.ended_at)))
    if last and last > here + MOST_SKEW:
        words = f"the last sweep ended at {last:%Y-%m-%d %H:%M} UTC, which is still to come"
        return Finding("clock", Level.FAIL, words, "set this machine's clock (NTP)")
    return ok("clock", f"{here:%Y-%m-%d %H:%M:%S} UTC, zone {settings().time_zone.key}")


def _other_clocks() -> Iterator[tuple[str, datetime]]:
    if not settings().is_sqlite and (at := db.session.scalar(select(func.clock_timestamp()))):
        yield "the database", at
    if bell.is_answering():
        seconds, micros = redis_client(settings().redis_url).time()
        yield "Redis", datetime.fromtimestamp(seconds + micros / 1e6, UTC)


def _processes() -> Finding:
    silent = heartbeats.silent()
    if not silent:
        return ok("processes", "all are heard")
    return Finding("processes", Level.WARN, f"silent: {', '.join(silent)}", "bin/run, or start what the Procfile names")


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
