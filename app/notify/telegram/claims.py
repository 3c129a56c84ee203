"""Taking messages that are due, each chat's in their order; a sender's death costs one lease and no message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import aliased

from app import clock, database, outbox
from app.extensions import db
from app.models.chat import BotMessage
from app.models.delivery import Delivery
from app.models.ticket import Ticket
from app.notify import caps

LEASE = timedelta(seconds=45)  # beyond the client's own patience with a text
FILE_LEASE = timedelta(minutes=3)  # and with a file, which never is the first part
_A_SECOND = timedelta(seconds=1.1)
_MOST_HELD = 100  # notices that one claim passes over because of the caps


@dataclass(frozen=True)
class Claim:
    """The next message of a chat, ours until ``lease``. ``attempts``: this one included."""

    message_id: int
    chat_id: int
    delivery_id: int | None
    lease: datetime
    attempts: int
    created_at: datetime


def is_due(busy: Collection[int] = ()) -> bool:
    """Whether a message may leave now."""
    with database.reading():
        query = select(BotMessage.id).where(*_due(clock.now(), busy)).limit(1)
        found = db.session.scalar(query) is not None
        outbox.commit()
    return found


def take(most: int, busy: Collection[int]) -> list[Claim]:
    """Take up to ``most`` messages, one a chat and none of the busy chats, inside the caller's transaction."""
    taken: list[Claim] = []
    held = 0
    while len(taken) < most and held < _MOST_HELD:
        at = clock.now()
        chats = {*busy, *(claim.chat_id for claim in taken)}
        query = select(BotMessage).where(*_due(at, chats)).order_by(BotMessage.next_attempt_at, BotMessage.id)
        found = db.session.scalars(
            query.limit(most - len(taken)).with_for_update(skip_locked=True, of=BotMessage),
            execution_options={"populate_existing": True},
        ).all()
        passed = [claim for message in found if (claim := _claim(message, at))]
        db.session.flush()
        taken += passed
        held += len(found) - len(passed)
        if len(passed) == len(found):
            break
    return taken


def release() -> int:
    """What another sender died with is due again, as it has a lease and no error yet; returns how many messages.

    Not at once: it may have reached its chat this very second.
    """
    at = clock.now()
    with outbox.transaction():
        freed = db.session.execute(
            update(BotMessage)
            .where(
                BotMessage.next_attempt_at > at,
                BotMessage.next_attempt_at <= at + FILE_LEASE,
                BotMessage.attempts > 0,
                BotMessage.error == "",
            )
            .values(next_attempt_at=at + _A_SECOND)
            .returning(BotMessage.id),
            execution_options={"synchronize_session": False},
        )
        return len(freed.all())


def postpone(wait: timedelta) -> None:
    """Nobody answers: what is due waits, so that it is not counted as undone; in the caller's transaction."""
    at = clock.now()
    db.session.execute(
        update(BotMessage).where(BotMessage.next_attempt_at <= at).values(next_attempt_at=at + wait),
        execution_options={"synchronize_session": False},
    )


def _claim(message: BotMessage, at: datetime) -> Claim | None:
    delivery = _delivery(message)
    if delivery and not message.attempts and (held := _held_until(delivery, at)):
        message.next_attempt_at = held
        return None
    lease = at + (FILE_LEASE if message.parts_sent else LEASE)
    message.next_attempt_at, message.attempts, message.error = lease, message.attempts + 1, ""
    if delivery:
        delivery.attempts, delivery.tried_at = message.attempts, at
    return Claim(message.id, message.chat_id, message.delivery_id, lease, message.attempts, message.created_at)


def _delivery(message: BotMessage) -> Delivery | None:
    if message.delivery_id is None:
        return None
    return db.session.get_one(Delivery, message.delivery_id, populate_existing=True)


def _held_until(delivery: Delivery, at: datetime) -> datetime | None:
    """What a cap says: neither a form nor a flood of urgent requests makes a chat ring without end."""
    if delivery.ticket_id is None:
        return None
    return caps.held_until(delivery, db.session.get_one(Ticket, delivery.ticket_id), at)


def _due(at: datetime, busy: Collection[int]) -> list[ColumnElement[bool]]:
    """Due, and nothing earlier is on its way to the same chat; what waits for an hour to come holds up nothing."""
    earlier = aliased(BotMessage)
    overtakes = exists().where(
        earlier.chat_id == BotMessage.chat_id,
        earlier.id < BotMessage.id,
        earlier.next_attempt_at.is_not(None),
        or_(earlier.next_attempt_at <= at, earlier.attempts > 0),
    )
    own: list[ColumnElement[bool]] = [BotMessage.next_attempt_at <= at, ~overtakes]
    return [*own, BotMessage.chat_id.not_in(busy)] if busy else own
