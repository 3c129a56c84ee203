"""Notices held after a restore: what a backup still owed may have left since, so nothing goes until a person agrees."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import or_, select, update

from app import escalations, outbox
from app.clock import now
from app.extensions import db
from app.models.chat import BotMessage
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.words import DeliveryState
from app.translate import _
from app.troubles import Trouble

HELD_UNTIL = datetime(2200, 1, 1, tzinfo=UTC)


def hold() -> int:
    """Hold all that is still to be derived or sent, and tell the manager; returns how many. The caller commits."""
    events = db.session.execute(
        update(Event).where(Event.drain_at.is_not(None)).values(drain_at=HELD_UNTIL).returning(Event.id)
    )
    deliveries = db.session.execute(
        update(Delivery)
        .where(Delivery.next_attempt_at.is_not(None))
        .values(next_attempt_at=HELD_UNTIL)
        .returning(Delivery.id)
    )
    messages = db.session.execute(
        update(BotMessage)
        .where(BotMessage.next_attempt_at.is_not(None))
        .values(next_attempt_at=HELD_UNTIL)
        .returning(BotMessage.id)
    )
    held = len(events.all()) + len(deliveries.all()) + len(messages.all())
    if held:
        words = _(
            "После восстановления из копии придержано уведомлений: %(count)s. Часть могла уже уйти. "
            "flask notices release",
            count=held,
        )
        escalations.report_system(Trouble.RESTORE, words, now())
    return held


def release() -> int:
    """Let all that is held go; the caller commits."""
    at = now()
    events = db.session.execute(
        update(Event).where(Event.drain_at == HELD_UNTIL).values(drain_at=at).returning(Event.id)
    )
    deliveries = db.session.execute(
        update(Delivery).where(Delivery.next_attempt_at == HELD_UNTIL).values(next_attempt_at=at).returning(Delivery.id)
    )
    messages = db.session.execute(
        update(BotMessage)
        .where(BotMessage.next_attempt_at == HELD_UNTIL)
        .values(next_attempt_at=at)
        .returning(BotMessage.id)
    )
    released = len(events.all()) + len(deliveries.all()) + len(messages.all())
    escalations.settle_system(Trouble.RESTORE, at)
    outbox.ring(outbox.NOTIFY)
    outbox.ring(outbox.TELEGRAM)
    return released


def drop() -> int:
    """Give up all that is held; requests show those notices as not sent. The caller commits."""
    at, why = now(), _("Не отправлено: придержано после восстановления из копии.")
    events = db.session.execute(
        update(Event).where(Event.drain_at == HELD_UNTIL).values(drain_at=None).returning(Event.id)
    )
    dropped = len(events.all())
    held_messages = db.session.scalars(select(BotMessage).where(BotMessage.next_attempt_at == HELD_UNTIL)).all()
    in_chats = [message.delivery_id for message in held_messages if message.delivery_id is not None]
    for message in held_messages:
        message.next_attempt_at, message.state, message.error = None, DeliveryState.FAILED, why
    query = select(Delivery).where(or_(Delivery.next_attempt_at == HELD_UNTIL, Delivery.id.in_(in_chats)))
    notices = db.session.scalars(query).all()
    for delivery in notices:
        delivery.next_attempt_at, delivery.state = None, DeliveryState.FAILED
        delivery.error, delivery.is_escalated = why, True
    dropped += len(notices) + len(held_messages) - len(in_chats)
    escalations.settle_system(Trouble.RESTORE, at)
    return dropped
