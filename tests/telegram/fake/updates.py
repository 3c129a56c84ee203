"""How the bot gets its updates: by waiting for them, or posted to an address of its own; never both."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from tests.telegram.fake.shapes import Json, Params, Refusal, bad
from tests.telegram.fake.world import Hook, World

LONGEST_WAIT = 50  # seconds
HOOK_PORTS = {None, 443, 80, 88, 8443}
HOOK_PATIENCE = 10.0  # seconds for the bot's answer
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Updates:
    """getUpdates, the methods of the webhook, and the posting to it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.pause = 0.3  # seconds between two tries at a webhook that does not answer with 200
        self.table: dict[str, Callable[[Params], Any]] = {
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
        }

    def _get_updates(self, params: Params) -> list[Json]:
        params.only("offset", "limit", "timeout", "allowed_updates")
        world = self._world
        limit, wait = params.integer("limit", 100), params.integer("timeout", 0)
        if not 1 <= limit <= 100 or not 0 <= wait <= LONGEST_WAIT:
            raise bad("limit must be from 1 to 100, timeout from 0 to 50")
        if world.hook:
            words = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise Refusal(409, f"Conflict: {words}")
        self._allow(params)
        self._confirm(params.integer("offset", 0))
        world.poll += 1
        mine, until = world.poll, time.monotonic() + wait
        world.changed.notify_all()
        while not world.updates and time.monotonic() < until and not world.is_over:
            world.changed.wait(min(1.0, until - time.monotonic()))
            if world.poll != mine:
                words = "terminated by other getUpdates request; make sure that only one bot instance is running"
                raise Refusal(409, f"Conflict: {words}")
        return list(world.updates)[:limit]

    def _allow(self, params: Params) -> None:
        allowed = params.structure("allowed_updates")
        if allowed is None:
            return
        if not isinstance(allowed, list) or not all(isinstance(kind, str) for kind in allowed):
            raise bad("can't parse allowed_updates")
        self._world.allowed = allowed

    def _confirm(self, offset: int) -> None:
        """Forget what the bot has; a negative offset leaves so many from the end."""
        updates = self._world.updates
        while updates and (updates[0]["update_id"] < offset if offset >= 0 else len(updates) > -offset):
            updates.popleft()

    def _set_webhook(self, params: Params) -> bool:
        params.only("url", "max_connections", "allowed_updates", "drop_pending_updates", "secret_token", "ip_address")
        url, secret = params.string("url", most=2048), params.string("secret_token", most=256)
        if not url:
            return self._delete_webhook(Params({}, {}))
        parts = urlsplit(url)
        if parts.hostname not in _LOOPBACK:  # to its own machine a Bot API server of one's own speaks plain HTTP
            if parts.scheme != "https":
                raise bad("bad webhook: An HTTPS URL must be provided for webhook")
            if parts.port not in HOOK_PORTS:
                raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        most = params.integer("max_connections", 40)
        if not 1 <= most <= 100:
            raise bad("max_connections must be from 1 to 100")
        self._allow(params)
        if params.boolean("drop_pending_updates"):
            self._world.updates.clear()
        self._world.hook = Hook(url, secret, most)
        self._world.changed.notify_all()
        return True

    def _delete_webhook(self, params: Params) -> bool:
        params.only("drop_pending_updates")
        if params.boolean("drop_pending_updates"):
            self._world.updates.clear()
        self._world.hook = None
        return True

    def _webhook_info(self, params: Params) -> Json:
        params.only()
        hook = self._world.hook or Hook("")
        about: Json = {
            "url": hook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates),
            "max_connections": hook.max_connections,
        }
        if hook.last_error:
            about |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
        return {**about, **({"allowed_updates": self._world.allowed} if self._world.allowed else {})}

    def post_for_ever(self) -> None:
        """One after the other, each until it is taken."""
        world = self._world
        while not world.is_over:
            with world.changed:
                if not (world.hook and world.updates):
                    world.changed.wait(1.0)
                    continue
                hook, update = world.hook, world.updates[0]
            trouble = post(hook.url, update, hook.secret)
            with world.changed:
                if not trouble:
                    with suppress(ValueError):
                        world.updates.remove(update)
                else:
                    hook.last_error, hook.last_error_at = trouble, int(time.time())
                    world.changed.wait(self.pause)


def post(url: str, update: Json, secret: str | None) -> str:
    """Post one update; returns what went wrong, or nothing."""
    request = urllib.request.Request(url, json.dumps(update).encode(), {"Content-Type": "application/json"})
    if secret:
        request.add_header("X-Telegram-Bot-Api-Secret-Token", secret)
    try:
        with urllib.request.urlopen(request, timeout=HOOK_PATIENCE) as answer:
            return "" if answer.status == 200 else f"Wrong response from the webhook: {answer.status}"
    except urllib.error.HTTPError as error:
        return f"Wrong response from the webhook: {error.code} {error.reason}"
    except OSError as error:
        return f"Connection failed: {error}"
