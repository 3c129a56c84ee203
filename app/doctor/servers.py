"""What the doctor asks of other servers, and waits for: mail out and in, Telegram, the scanner of files."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator

from flask import current_app

from app import virus_scan
from app.config import settings
from app.doctor.findings import Finding, Level, ok


def smtp() -> Finding:
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


def mailboxes() -> Iterator[Callable[[], Finding]]:
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


def telegram() -> Finding:
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


def viruses() -> Finding:
    named = settings().virus_scan
    if not named:
        return ok("viruses", "VIRUS_SCAN is not set: files are not scanned")
    try:
        virus_scan.ping()
    except virus_scan.ScanFailed as error:
        return Finding("viruses", Level.FAIL, f"files come in without a scan: {_said(error)}", "mend VIRUS_SCAN")
    return ok("viruses", f"{named} scans files")


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
