"""Taking deliveries that are due: by moving their moment on, so that a worker's death costs one lease and no letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, exists, select, update
from sqlalchemy.orm import aliased

from app import clock, database, outbox
from app.config import settings
from app.extensions import db
from app.models.delivery import Delivery
from app.models.ticket import Ticket
from app.models.words import DeliveryChannel
from app.notify import caps

_SPARE = timedelta(seconds=20)  # of a lease, beyond the longest silence of the mail server
_MOST_HELD = 100  # letters that one claim passes over because of the caps


def _due() -> list[ColumnElement[bool]]:
    """Due at ``:at``, and no earlier notice of the same request to the same customer is still on its way."""
    earlier = aliased(Delivery)
    overtakes = exists().where(
        earlier.ticket_id == Delivery.ticket_id,
        earlier.recipient == Delivery.recipient,
        earlier.id < Delivery.id,
        earlier.next_attempt_at.is_not(None),
        earlier.is_for_customer.is_(True),
    )
    return [
        Delivery.next_attempt_at <= bindparam("at"),
        Delivery.channel == DeliveryChannel.EMAIL,
        Delivery.is_for_customer.is_(False) | ~overtakes,
    ]


_ANY_DUE = select(Delivery.id).where(*_due()).limit(1)
_LONGEST_DUE = (
    select(Delivery)
    .where(*_due())
    .order_by(Delivery.next_attempt_at, Delivery.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=Delivery)
)


@dataclass(frozen=True)
class Claim:
    """A delivery that is ours until ``lease``, and others that leave with it in one digest."""

    delivery_id: int
    lease: datetime
    with_ids: tuple[int, ...] = ()


def is_due() -> bool:
    """Whether any letter may be sent now."""
    with database.reading():
        found = db.session.scalar(_ANY_DUE, {"at": clock.now()}) is not None
        outbox.commit()
    return found


def take() -> Claim | None:
    """Take the letter that is due longest, inside the caller's transaction."""
    for _ in range(_MOST_HELD):
        at = clock.now()
        delivery = db.session.scalars(_LONGEST_DUE, {"at": at}, execution_options={"populate_existing": True}).first()
        if delivery is None:
            return None
        if held := _held_until(delivery, at):
            delivery.next_attempt_at = held
            db.session.flush()
            continue
        lease = at + settings().mail_timeout + _SPARE
        others = caps.gathered(delivery, at) if delivery.attempts == 0 else []
        for one in (delivery, *others):
            one.next_attempt_at, one.attempts, one.tried_at = lease, one.attempts + 1, at
        db.session.flush()
        return Claim(delivery.id, lease, tuple(one.id for one in others))
    return None


def give_back(claim: Claim, *ids: int) -> None:
    """As if they had not been taken: due now, this try not counted; what others changed meanwhile stands."""
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.next_attempt_at == claim.lease)
        .values(next_attempt_at=clock.now(), attempts=Delivery.attempts - 1, tried_at=None),
        execution_options={"synchronize_session": False},
    )


def _held_until(delivery: Delivery, at: datetime) -> datetime | None:
    """What a cap says; letters without a request are counted where they are asked for."""
    if delivery.ticket_id is None:
        return None
    return caps.held_until(delivery, db.session.get_one(Ticket, delivery.ticket_id), at)
