"""Updates posted to us: the secret that proves the sender, and what Telegram is told of our address."""

from __future__ import annotations

import hmac
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from app import clock, signing
from app.bot_api import Client
from app.config import Settings, settings
from app.intake.telegram import updates
from app.intake.telegram.updates import Incoming

log = logging.getLogger(__name__)

LONGEST = 1 << 20  # bytes of one update; the largest real ones have a few thousand
STALE = timedelta(minutes=5)  # a failure so old is over
_PATH = "/telegram/updates"


def path(config: Settings) -> str:
    """Where the desk answers: the path of TELEGRAM_WEBHOOK."""
    return urlsplit(config.telegram_webhook).path or _PATH


def secret() -> str:
    """What Telegram sends along, of this desk and this bot alone."""
    return signing.sign("telegram webhook", settings().telegram_bot_token).hex()


def is_genuine(given: str) -> bool:
    """Whether it is Telegram that posts; compared in constant time."""
    return bool(settings().telegram_bot_token) and hmac.compare_digest(given.encode(), secret().encode())


def take(body: bytes) -> bool:
    """Keep one posted update, as it came; False for what is none."""
    try:
        raw = body.decode()
        found: Any = json.loads(raw)
    except ValueError:
        return False
    if not isinstance(found, dict) or (one := Incoming(found, raw)).id is None:
        return False
    updates.store([one])
    return True


class Hook:
    """The posting to us, as one process sees to it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_set = False

    def see_to_it(self) -> str:
        """Have Telegram post to us; returns what it says went wrong lately while something waits, or nothing.

        Told at every start: the address may be the same and the secret another.
        """
        if not self._is_set:
            set_up(self._client)
            self._is_set = True
            return ""
        about = self._client.webhook()
        if about.get("url") != settings().telegram_webhook:
            set_up(self._client)
            return ""
        if not about.get("pending_update_count") or "last_error_message" not in about:
            return ""
        failed_at = datetime.fromtimestamp(float(about.get("last_error_date", 0)), UTC)
        return str(about["last_error_message"])[:300] if clock.now() - failed_at < STALE else ""


def set_up(client: Client) -> None:
    """Tell Telegram our address and the secret."""
    client.set_webhook(settings().telegram_webhook, secret())
    log.info("Telegram posts updates to %s", urlsplit(settings().telegram_webhook).netloc)
