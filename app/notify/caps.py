"""How much we write by ourselves to one address: so that no form is an e-mail bomb and no loop runs away.

What is over a cap keeps waiting, is shown on its request as waiting, and leaves later: as one digest, where several
of the same kind have gathered. What an engineer wrote is never held back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.extensions import db
from app.models.delivery import Delivery
from app.models.ticket import Ticket
from app.models.words import DeliveryState


@dataclass(frozen=True)
class Cap:
    """At most so many letters in any such span."""

    most: int
    span: timedelta


_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
UNKNOWN = (Cap(3, _HOUR),)  # an address that nobody vouched for
KNOWN = (Cap(30, 10 * _MINUTE), Cap(60, 30 * _MINUTE), Cap(120, _HOUR), Cap(240, 3 * _HOUR), Cap(360, 10 * _HOUR))
PAGES = (Cap(5, 10 * _MINUTE),)  # to one of staff, of urgent requests from addresses that nobody vouched for
DIGESTED = frozenset({"registered", "urgent"})  # notices of which several make one letter
_OUR_OWN = frozenset({"registered", "moved", "reopened", "complained", "rated", "linked", "reminded", "closing"})
_HELD = _MINUTE  # put off by more than this before its first try: a cap did that
_LONGEST_HOLD = 10 * _HOUR  # what waits for longer waits for something else, as after a restore
_MOST_IN_DIGEST = 50


def held_until(delivery: Delivery, ticket: Ticket, at: datetime) -> datetime | None:
    """When a letter may leave that a cap holds back now; None: it may leave at once."""
    caps = _caps(delivery, ticket)
    if not caps or _is_waited_for(delivery, at):
        return None
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(delivery.recipient))))
    times = _times(delivery, caps, at)
    return max((moment for cap in caps if (moment := _free_at(times, cap, at))), default=None)


def let_through(rows: Iterable[Mapping[str, object]], at: datetime) -> None:
    """What an engineer wrote must not wait behind a held letter: the held ones of that request become due first."""
    for row in rows:
        if row["is_for_customer"] and row["notice"] not in _OUR_OWN:
            db.session.execute(
                update(Delivery)
                .where(
                    Delivery.ticket_id == row["ticket_id"],
                    Delivery.recipient == row["recipient"],
                    Delivery.state == DeliveryState.WAITING,
                    Delivery.attempts == 0,
                    Delivery.next_attempt_at > at,
                    Delivery.next_attempt_at < at + _LONGEST_HOLD,
                )
                .values(next_attempt_at=at),
                execution_options={"synchronize_session": False},
            )


def gathered(delivery: Delivery, at: datetime) -> list[Delivery]:
    """Letters of the same kind to the same reader that a cap held back: they can leave with this one, as a digest."""
    if delivery.notice not in DIGESTED:
        return []
    query = (
        select(Delivery)
        .where(
            Delivery.recipient == delivery.recipient,
            Delivery.notice == delivery.notice,
            Delivery.is_for_customer == delivery.is_for_customer,
            Delivery.state == DeliveryState.WAITING,
            Delivery.attempts == 0,
            Delivery.next_attempt_at < at + _LONGEST_HOLD,
            Delivery.id != delivery.id,
        )
        .order_by(Delivery.id)
        .limit(_MOST_IN_DIGEST)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalars(query, execution_options={"populate_existing": True})
    return [one for one in found if one.next_attempt_at and one.next_attempt_at - one.created_at > _HELD]


def _caps(delivery: Delivery, ticket: Ticket) -> tuple[Cap, ...]:
    if not delivery.is_for_customer:
        return PAGES if delivery.notice == "urgent" and not ticket.is_address_confirmed else ()
    if delivery.notice not in _OUR_OWN:
        return ()
    if delivery.recipient != ticket.applicant_email.lower() or ticket.is_address_confirmed:
        return KNOWN
    return () if ticket.reacted_at else UNKNOWN  # once an engineer has looked at it, it is no form's work


def _is_waited_for(delivery: Delivery, at: datetime) -> bool:
    """Whether an engineer's letter on the same request stands behind this one."""
    query = select(Delivery.id).where(
        Delivery.ticket_id == delivery.ticket_id,
        Delivery.recipient == delivery.recipient,
        Delivery.id > delivery.id,
        Delivery.next_attempt_at <= at,
        Delivery.notice.not_in(_OUR_OWN),
        Delivery.is_for_customer.is_(True),
    )
    return db.session.scalar(query.limit(1)) is not None


def _free_at(times: Sequence[datetime], cap: Cap, at: datetime) -> datetime | None:
    """When the cap lets the next letter through, if it does not now."""
    within = [moment for moment in times if moment > at - cap.span]
    return within[cap.most - 1] + cap.span if len(within) >= cap.most else None


def _times(delivery: Delivery, caps: Sequence[Cap], at: datetime) -> list[datetime]:
    """When letters went to the same reader, newest first, as far as these caps look. Those of one digest are one."""
    moments = (
        select(Delivery.tried_at)
        .where(
            Delivery.recipient == delivery.recipient,
            Delivery.id != delivery.id,
            Delivery.ticket_id.is_not(None),
            Delivery.tried_at > at - max(cap.span for cap in caps),
            (Delivery.state != DeliveryState.WAITING) | (Delivery.next_attempt_at > at),
        )
        .distinct()
        .order_by(Delivery.tried_at.desc())
        .limit(max(cap.most for cap in caps))
    )
    if not delivery.is_for_customer:
        moments = moments.where(Delivery.notice == delivery.notice)
    return [tried_at for tried_at in db.session.scalars(moments) if tried_at]
