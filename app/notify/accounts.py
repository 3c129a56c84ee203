"""Letters about an account of staff: a link that sets a password, and word of what was changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from app.accounts import links, second_factor
from app.config import settings
from app.models.account import LinkKind
from app.models.delivery import Delivery
from app.notify.wording import moment


def _link(delivery: Delivery, _at: datetime) -> dict[str, object]:
    """The secret part stands in the letter alone, so it is worked out here."""
    told = delivery.data
    token = links.token_of(told["staff"], LinkKind(told["kind"]), told["nonce"])
    return {"name": told["name"], "kind": told["kind"], "address": f"{settings().public_url}/account/{token}"}


def _change(delivery: Delivery, at: datetime) -> dict[str, object]:
    told = delivery.data
    when = moment(delivery.created_at, at)
    return {"name": told["name"], "what": told["what"], "when": when, "address": f"{settings().public_url}/login/reset"}


def _guessed(delivery: Delivery, at: datetime) -> dict[str, object]:
    when = moment(delivery.created_at, at)
    return {"name": delivery.data["name"], "when": when, "address": f"{settings().public_url}/login/reset"}


WORDS: Mapping[str, Callable[[Delivery, datetime], dict[str, object]]] = {
    "account": _link,
    "account_changed": _change,
    second_factor.GUESSED: _guessed,
}
