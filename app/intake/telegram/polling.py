"""Asking for updates: what was committed is confirmed by the next question, so that a death in between repeats it."""

from __future__ import annotations

import logging

from app import failpoint
from app.bot_api import Client, Conflict
from app.intake.telegram import updates

log = logging.getLogger(__name__)


class Poll:
    """The asking of one process; the first question gets whatever was not confirmed yet."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._offset = 0

    def once(self, wait: int) -> int:
        """Ask once and keep what comes; waits up to ``wait`` seconds for it. Returns how many updates were new."""
        try:
            found = self._client.updates(self._offset, wait)
        except Conflict:
            self._take_over()
            raise
        if not found:
            return 0
        failpoint.reach("updates fetched")
        kept = updates.from_list(found)
        new = updates.store(kept)
        self._offset = max(one.id or 0 for one in kept) + 1
        return new

    def _take_over(self) -> None:
        """A webhook that is left from before stands in the way; another process does not go away by this."""
        if self._client.webhook().get("url"):
            log.warning("a webhook is set at Telegram, and TELEGRAM_WEBHOOK is not: it is deleted")
            self._client.delete_webhook()
