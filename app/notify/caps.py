"""How much we write by ourselves to an address that nobody has vouched for: so that no form is an e-mail bomb.

Three letters an hour (MAIL 32); the rest keep waiting, are shown on their requests as waiting, and leave in later
hours. What an engineer wrote or an engineer's act brought about is never held back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.models.delivery import Delivery
from app.models.ticket import Ticket
from app.models.words import DeliveryState

MOST_AN_HOUR = 3
_HOUR = timedelta(hours=1)
_OLDEST = timedelta(days=30)  # requests that are looked through for letters of the last hour
_OUR_OWN = frozenset({"registered", "moved", "reopened", "complained", "rated", "linked", "reminded", "closing"})


def held_until(delivery: Delivery, ticket: Ticket, at: datetime) -> datetime | None:
    """When a letter may leave that the cap holds back now; None: it may leave at once."""
    is_free = ticket.is_address_confirmed or ticket.reacted_at is not None or not delivery.is_for_customer
    if is_free or delivery.notice not in _OUR_OWN or delivery.recipient != ticket.applicant_email.lower():
        return None
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(delivery.recipient))))
    # By way of the request: that is where the indexes on address and time are.
    query = (
        select(Delivery.tried_at)
        .join(Ticket, Ticket.id == Delivery.ticket_id)
        .where(
            Ticket.applicant_email == ticket.applicant_email,
            Ticket.created_at > at - _OLDEST,
            Delivery.recipient == delivery.recipient,
            Delivery.id != delivery.id,
            Delivery.tried_at > at - _HOUR,
            (Delivery.state != DeliveryState.WAITING) | (Delivery.next_attempt_at > at),
        )
        .order_by(Delivery.tried_at.desc())
        .limit(MOST_AN_HOUR)
    )
    times = [tried_at for tried_at in db.session.scalars(query) if tried_at]
    return times[-1] + _HOUR if len(times) >= MOST_AN_HOUR else None
