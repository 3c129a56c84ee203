"""Buttons of the house in the Bot API's shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def reply_markup(
    buttons: Sequence[Sequence[dict[str, str]]] = (), keyboard: Sequence[Sequence[dict[str, Any]]] | None = None
) -> dict[str, Any] | None:
    """What goes with a message: buttons under it, or (Telegram takes one of the two) what replaces the keyboard.

    The shapes are those of ``app.chats.say``: ``{"text", "data" | "url"}``, and ``{"text", "contact"?}``.
    """
    if buttons:
        return {"inline_keyboard": [[_inline(button) for button in row] for row in buttons]}
    if keyboard is None:
        return None
    if not keyboard:
        return {"remove_keyboard": True}
    rows = [[_key(button) for button in row] for row in keyboard]
    return {"keyboard": rows, "resize_keyboard": True, "is_persistent": True}


def _inline(button: dict[str, str]) -> dict[str, str]:
    return {
        "text": button["text"],
        **({"url": button["url"]} if "url" in button else {"callback_data": button["data"]}),
    }


def _key(button: dict[str, Any]) -> dict[str, Any]:
    return {"text": button["text"], **({"request_contact": True} if button.get("contact") else {})}
