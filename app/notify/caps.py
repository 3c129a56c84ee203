"""How much we write by ourselves to one address: so that no form is an e-mail bomb and no loop runs away.

What is over a cap keeps waiting, is shown on its request as waiting, and leaves later: as one digest, where several
of the same kind have gathered. What an engineer wrote is never held back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, literal_column, select, update

from app import locks
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
_OF_ONE_REQUEST = (
    Cap(10, 10 * _MINUTE), Cap(15, 30 * _MINUTE), Cap(25, _HOUR), Cap(50, 3 * _HOUR), Cap(100, 10 * _HOUR)
)  # fmt: skip
ALTOGETHER = Cap(6000, _HOUR)  # numbers sent to anybody: over it, addresses that nobody vouched for wait
PAGES = (Cap(5, 10 * _MINUTE),)  # to one of staff, of urgent requests from addresses that nobody vouched for
DIGESTED = frozenset({"registered", "urgent"})  # notices of which several make one letter
_OUR_OWN = frozenset(
    {"registered", "moved", "reopened", "rated", "linked", "reminded", "closing", "merged", "unmerged"}
)
HELD = _MINUTE  # put off by more than this before its first try: a cap did that
LONGEST_HOLD = 10 * _HOUR  # what waits for longer waits for something else, as after a restore
MOST_IN_DIGEST = 50
_MOST_COUNTED = max(cap.most for cap in KNOWN)  # letters to one reader that the widest cap looks at
# Built once: to build a statement costs more than to run it, and each letter runs them all.
_BEHIND = (
    select(Delivery.id)
    .where(
        Delivery.ticket_id == bindparam("ticket"),
        Delivery.recipient == bindparam("recipient"),
        Delivery.id > bindparam("id"),
        Delivery.next_attempt_at <= bindparam("at"),
        Delivery.notice.not_in(_OUR_OWN),
        Delivery.is_for_customer.is_(True),
    )
    .limit(1)
)
_TIMES = (
    select(Delivery.tried_at)
    .where(
        Delivery.recipient == bindparam("recipient"),
        Delivery.id != bindparam("id"),
        Delivery.ticket_id.is_not(None),
        Delivery.tried_at > bindparam("since"),
        (Delivery.state != DeliveryState.WAITING) | (Delivery.next_attempt_at > bindparam("at")),
    )
    .distinct()
    .order_by(Delivery.tried_at.desc())
    .limit(_MOST_COUNTED)
)
_TIMES_OF_REQUEST = _TIMES.where(Delivery.ticket_id == bindparam("ticket"))
_TIMES_OF_NOTICE = _TIMES.where(Delivery.notice == bindparam("notice"))
# Word for word the condition of the partial index; only its newest entries are passed over.
_OLDEST_OF_ALTOGETHER = (
    select(Delivery.tried_at)
    .where(literal_column("deliveries.notice = 'registered'"), Delivery.tried_at > bindparam("since"))
    .order_by(Delivery.tried_at.desc())
    .offset(bindparam("passed"))
    .limit(1)
)
_GATHERED = (
    select(Delivery)
    .where(
        Delivery.recipient == bindparam("recipient"),
        Delivery.notice == bindparam("notice"),
        Delivery.is_for_customer == bindparam("is_for_customer"),
        Delivery.state == DeliveryState.WAITING,
        Delivery.attempts == 0,
        Delivery.next_attempt_at < bindparam("until"),
        Delivery.id != bindparam("id"),
    )
    .order_by(Delivery.id)
    .limit(MOST_IN_DIGEST)
    .with_for_update(skip_locked=True)
)


def held_until(delivery: Delivery, ticket: Ticket, at: datetime) -> datetime | None:
    """When a letter may leave that a cap holds back now; None: it may leave at once."""
    caps = _caps(delivery, ticket)
    if not caps or _is_waited_for(delivery, at):
        return None
    locks.wait_for(delivery.recipient)
    times = _times(delivery, caps, at)
    held = [_free_at(times, cap, at) for cap in caps]
    if caps is KNOWN and len(times) >= _OF_ONE_REQUEST[0].most:
        of_request = _times(delivery, _OF_ONE_REQUEST, at, is_one_request=True)
        held += [_free_at(of_request, cap, at) for cap in _OF_ONE_REQUEST]
    if caps is UNKNOWN:
        held.append(_free_altogether(at))
    return max(filter(None, held), default=None)


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
                    Delivery.next_attempt_at < at + LONGEST_HOLD,
                )
                .values(next_attempt_at=at),
                execution_options={"synchronize_session": False},
            )


def gathered(delivery: Delivery, at: datetime) -> list[Delivery]:
    """Letters of the same kind to the same reader that a cap held back: they can leave with this one, as a digest."""
    if delivery.notice not in DIGESTED:
        return []
    values = {
        "recipient": delivery.recipient,
        "notice": delivery.notice,
        "is_for_customer": delivery.is_for_customer,
        "until": at + LONGEST_HOLD,
        "id": delivery.id,
    }
    found = db.session.scalars(_GATHERED, values, execution_options={"populate_existing": True})
    return [one for one in found if one.next_attempt_at and one.next_attempt_at - one.created_at > HELD]


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
    values = {"ticket": delivery.ticket_id, "recipient": delivery.recipient, "id": delivery.id, "at": at}
    return db.session.scalar(_BEHIND, values) is not None


def _free_at(times: Sequence[datetime], cap: Cap, at: datetime) -> datetime | None:
    """When the cap lets the next letter through, if it does not now."""
    within = [moment for moment in times if moment > at - cap.span]
    return within[cap.most - 1] + cap.span if len(within) >= cap.most else None


def _free_altogether(at: datetime) -> datetime | None:
    """When an address that nobody vouched for may be written to, while the desk sends numbers in masses."""
    since = at - ALTOGETHER.span
    oldest = db.session.scalar(_OLDEST_OF_ALTOGETHER, {"since": since, "passed": ALTOGETHER.most - 1})
    return oldest + ALTOGETHER.span if oldest else None


def _times(delivery: Delivery, caps: Sequence[Cap], at: datetime, *, is_one_request: bool = False) -> list[datetime]:
    """When letters went to the same reader, newest first, as far as these caps look. Those of one digest are one."""
    values = {
        "recipient": delivery.recipient,
        "id": delivery.id,
        "since": at - max(cap.span for cap in caps),
        "at": at,
    }
    if is_one_request:
        found = db.session.scalars(_TIMES_OF_REQUEST, values | {"ticket": delivery.ticket_id})
    elif delivery.is_for_customer:
        found = db.session.scalars(_TIMES, values)
    else:
        found = db.session.scalars(_TIMES_OF_NOTICE, values | {"notice": delivery.notice})
    return [tried_at for tried_at in found if tried_at]
