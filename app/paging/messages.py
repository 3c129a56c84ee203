"""The messages that carry pages: letters, words in chats, posts to the webhook; owed here, written as they leave."""

from __future__ import annotations

import secrets
from datetime import datetime

from app import chats, signing, standalone
from app.config import settings
from app.extensions import db
from app.models.chat import BotMessage, Chat
from app.models.delivery import Delivery
from app.models.words import DeliveryChannel, DeliveryState

NOTICE = "page"
WEBHOOK = "webhook"  # its recipient: the address itself is a setting, and may hold a secret

Calls = dict[str, list[dict[str, str]]]


def owe(channel: DeliveryChannel, recipient: str, at: datetime, calls: Calls) -> int:
    """Owe one message, in the caller's transaction; returns its delivery's id. ``calls``: people by escalation."""
    if channel is DeliveryChannel.EMAIL:
        delivery = standalone.owe(NOTICE, recipient, at, language=settings().language)
    else:
        is_webhook = channel is DeliveryChannel.WEBHOOK
        delivery = Delivery(
            notice=NOTICE,
            channel=channel,
            recipient=recipient,
            is_for_customer=False,
            state=DeliveryState.WAITING,
            message_id=signing.standalone_id(secrets.token_hex(12)),
            created_at=at,
            next_attempt_at=at if is_webhook else None,
            data={"calls": calls} if is_webhook else {},
        )
        db.session.add(delivery)
    db.session.flush()
    if channel is DeliveryChannel.TELEGRAM:
        _say(int(recipient), delivery.id, at)
    return delivery.id


def _say(chat_id: int, delivery_id: int, at: datetime) -> None:
    message: BotMessage = chats.say(db.session.get_one(Chat, chat_id), "", at)
    message.delivery_id = delivery_id
