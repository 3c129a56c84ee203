"""Taking messages that are due, each chat's in their order; a sender's death costs one lease and no message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
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
_ANSWERS_FIRST = (BotMessage.delivery_id.is_not(None), BotMessage.next_attempt_at, BotMessage.id)
_MOST_HELD = 100  # notices that one claim passes over because of the caps


@dataclass(frozen=True)
class Claim:
    """The next message of a chat, ours until ``lease``. ``attempts``: this one included.

    ``others``: notices of the same kind that a cap held back; they leave with this one, as a digest.
    """

    message_id: int
    chat_id: int
    delivery_id: int | None
    lease: datetime
    attempts: int
    created_at: datetime
    others: tuple[Claim, ...] = ()


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
        query = select(BotMessage).where(*_due(at, chats))
        found = db.session.scalars(
            query.order_by(*_ANSWERS_FIRST).limit(most - len(taken)).with_for_update(skip_locked=True, of=BotMessage),
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


def give_back(claim: Claim, at: datetime) -> None:
    """As if it had not been taken: due at ``at``, this try not counted; in the caller's transaction."""
    db.session.execute(
        update(BotMessage)
        .where(BotMessage.id == claim.message_id, BotMessage.next_attempt_at == claim.lease)
        .values(next_attempt_at=at, attempts=0),
        execution_options={"synchronize_session": False},
    )


def _claim(message: BotMessage, at: datetime) -> Claim | None:
    delivery = _delivery(message)
    is_first = delivery is not None and not message.attempts
    if delivery and is_first and (held := _held_until(delivery, at)):
        message.next_attempt_at = held
        return None
    lease = at + (FILE_LEASE if message.parts_sent else LEASE)
    others = [_take(one, _delivery(one), lease, at) for one in _gathered(message, delivery, at)] if is_first else []
    return _take(message, delivery, lease, at, tuple(others))


def _take(
    message: BotMessage, delivery: Delivery | None, lease: datetime, at: datetime, others: tuple[Claim, ...] = ()
) -> Claim:
    message.next_attempt_at, message.attempts, message.error = lease, message.attempts + 1, ""
    if delivery:
        delivery.attempts, delivery.tried_at = message.attempts, at
    return Claim(message.id, message.chat_id, message.delivery_id, lease, message.attempts, message.created_at, others)


def _gathered(message: BotMessage, delivery: Delivery | None, at: datetime) -> list[BotMessage]:
    """Notices of the same kind to the same chat that a cap held back."""
    if delivery is None or delivery.notice not in caps.DIGESTED:
        return []
    query = (
        select(BotMessage)
        .join(Delivery, Delivery.id == BotMessage.delivery_id)
        .where(
            BotMessage.chat_id == message.chat_id,
            BotMessage.id != message.id,
            BotMessage.next_attempt_at < at + caps.LONGEST_HOLD,
            BotMessage.attempts == 0,
            Delivery.notice == delivery.notice,
            Delivery.is_for_customer == delivery.is_for_customer,
        )
        .order_by(BotMessage.id)
        .limit(caps.MOST_IN_DIGEST)
        .with_for_update(skip_locked=True, of=BotMessage)
    )
    found = db.session.scalars(query, execution_options={"populate_existing": True})
    return [one for one in found if one.next_attempt_at and one.next_attempt_at - one.created_at > caps.HELD]


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
    """Due, and nothing earlier is on its way to the same chat; what waits for an hour to come holds up nothing.

    Compared with the first of its chat, which an index finds for each. Of a "not exists" PostgreSQL, which last counted
    the rows while hardly any was owed, makes a walk through all that is owed for each that is owed.
    """
    owed = aliased(BotMessage)
    first = (
        select(owed.id)
        .where(owed.chat_id == BotMessage.chat_id, owed.next_attempt_at.is_not(None))
        .where(or_(owed.next_attempt_at <= at, owed.attempts > 0))
        .order_by(owed.id)
        .limit(1)
        .scalar_subquery()
    )
    own: list[ColumnElement[bool]] = [BotMessage.next_attempt_at <= at, BotMessage.id == first]
    return [*own, BotMessage.chat_id.not_in(busy)] if busy else own
