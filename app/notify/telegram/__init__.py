"""Telegram out: events and answers become messages in chats, each at least once and in order."""

from __future__ import annotations

from app.notify.telegram.claims import is_due
from app.notify.telegram.sending import send

__all__ = ["is_due", "send"]
