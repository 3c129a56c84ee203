"""Chats that take nothing more from the bot, and groups that became other chats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app import outbox
from app.extensions import db
from app.models.chat import BotMessage, Chat
from app.models.delivery import Delivery
from app.models.words import UNSETTLED, DeliveryState
from app.translate import _


def close(chat_id: int, why: str, at: datetime) -> int:
    """The person has blocked the bot or is gone: all that the chat is owed fails; returns how many messages.

    A letter beside a notice is the way that is left; where there is none, the sweep tells the manager.
    """
    db.session.execute(_updating(Chat, Chat.id == chat_id, Chat.blocked_at.is_(None), blocked_at=at))
    owed = (BotMessage.chat_id == chat_id, BotMessage.next_attempt_at.is_not(None))
    failed = db.session.execute(
        _updating(BotMessage, *owed, state=DeliveryState.FAILED, next_attempt_at=None, error=why).returning(
            BotMessage.delivery_id
        )
    ).all()
    notices = [row.delivery_id for row in failed if row.delivery_id is not None]
    told = db.session.execute(
        _updating(
            Delivery,
            Delivery.id.in_(notices),
            Delivery.state.in_(UNSETTLED),
            state=DeliveryState.FAILED,
            error=_("Чат закрыт: %(why)s", why=why),
        ).returning(Delivery.ticket_id, Delivery.is_escalated)
    ).all()
    for ticket_id in {row.ticket_id for row in told if row.ticket_id is not None and not row.is_escalated}:
        outbox.poke(ticket_id, at)
    return len(failed)


def move(chat_id: int, new_id: int, at: datetime) -> None:
    """A group has become another chat: what it is owed goes there. Private chats, ours as a rule, never move."""
    old = db.session.get_one(Chat, chat_id, populate_existing=True)
    if db.session.scalar(select(Chat.id).where(Chat.id == new_id)) is None:
        db.session.add(Chat(id=new_id, name=old.name, language=old.language, created_at=at))
        db.session.flush()
    old.blocked_at = at
    owed = (BotMessage.chat_id == chat_id, BotMessage.next_attempt_at.is_not(None))
    db.session.execute(_updating(BotMessage, *owed, chat_id=new_id, next_attempt_at=at))
    outbox.ring(outbox.TELEGRAM)


def _updating(table: type[Any], *where: Any, **values: Any) -> Any:
    return update(table).where(*where).values(values).execution_options(synchronize_session=False)
