"""Deliveries that are due: claimed one by one, sent outside of any transaction, marked together with the next claim."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import aliased

from app import clock, database, escalations, failpoint, outbox
from app.closing_moment import printed_moment
from app.config import settings
from app.errors import DeliveryError
from app.extensions import db
from app.models.delivery import Delivery
from app.models.ticket import Ticket
from app.models.words import DeliveryChannel
from app.notify import caps, facts, letter, outcome
from app.notify.facts import Facts
from app.notify.freshness import is_stale
from app.notify.kept import KeptTransport
from app.notify.outcome import Tried
from app.notify.smtp import Fate, Result, SmtpTransport

log = logging.getLogger(__name__)

_SPARE = timedelta(seconds=20)  # of a lease, beyond the longest silence of the mail server
_MOST_FAULTS = 3  # tries of a letter that our own code cannot write
_PER_CONNECTION = 100
_MOST_PATIENCE, _BREATH = 3, 0.5  # times, seconds
_MOST_HELD = 100  # letters that one claim passes over because of the caps
_Result = TypeVar("_Result")


class Transport(Protocol):
    """A way out for letters."""

    def open(self) -> str: ...
    def send(self, letter: letter.Written) -> Result: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Claim:
    """A delivery that is ours until ``lease``."""

    delivery_id: int
    lease: datetime


def send(limit: int = 200, until: float | None = None) -> int:
    """Send up to ``limit`` due letters, starting none after ``until`` (monotonic); returns how many tries it made."""
    if not is_due():
        return 0
    transport: Transport = SmtpTransport() if settings().mail_server else KeptTransport()
    tries = 0
    try:
        claim = None
        while tries < limit and (until is None or time.monotonic() < until):
            if trouble := transport.open():
                return tries + _patiently(partial(_postpone, claim, trouble))
            claim = claim or _patiently(_first_claim)
            if claim is None:
                break
            tried = _try(claim, transport)
            tries += 1
            is_last = tries >= limit or tried.result.is_slow or (until is not None and time.monotonic() >= until)
            claim = _patiently(partial(_settle, tried, is_last=is_last))
            if claim is None:
                break
            if tries % _PER_CONNECTION == 0:
                transport.close()
    finally:
        transport.close()
    return tries


def is_due() -> bool:
    """Whether any letter may be sent now."""
    with database.reading():
        found = db.session.scalar(select(Delivery.id).where(*_due(clock.now())).limit(1)) is not None
        outbox.commit()
    return found


def _due(at: datetime) -> list[ColumnElement[bool]]:
    """Due, and no earlier notice of the same request to the same customer is still on its way (R37)."""
    earlier = aliased(Delivery)
    overtakes = exists().where(
        earlier.ticket_id == Delivery.ticket_id,
        earlier.recipient == Delivery.recipient,
        earlier.id < Delivery.id,
        earlier.next_attempt_at.is_not(None),
        earlier.is_for_customer.is_(True),
    )
    return [
        Delivery.next_attempt_at <= at,
        Delivery.channel == DeliveryChannel.EMAIL,
        Delivery.is_for_customer.is_(False) | ~overtakes,
    ]


def _first_claim() -> Claim | None:
    with outbox.transaction():
        escalations.settle_system(outcome.SERVER, clock.now())
        return _claim()


def _settle(tried: Tried, *, is_last: bool) -> Claim | None:
    """Write down what became of one letter and take the next, in one transaction."""
    with outbox.transaction():
        outcome.note(tried)
        return None if is_last else _claim()


def _postpone(claim: Claim | None, trouble: str) -> int:
    """The server went away: what is due waits, what we had claimed is due again at once and waits with the rest."""
    with outbox.transaction():
        if claim:
            db.session.execute(
                update(Delivery)
                .where(Delivery.id == claim.delivery_id, Delivery.next_attempt_at == claim.lease)
                .values(next_attempt_at=clock.now(), attempts=Delivery.attempts - 1),
                execution_options={"synchronize_session": False},
            )
        return outcome.postpone_all(trouble, clock.now())


def _claim() -> Claim | None:
    """Take the letter that is due longest, by moving its moment on past the longest time that a try may take."""
    for _ in range(_MOST_HELD):
        at = clock.now()
        query = select(Delivery).where(*_due(at)).order_by(Delivery.next_attempt_at, Delivery.id).limit(1)
        delivery = db.session.scalars(
            query.with_for_update(skip_locked=True, of=Delivery), execution_options={"populate_existing": True}
        ).first()
        if delivery is None:
            return None
        ticket = db.session.get_one(Ticket, delivery.ticket_id)
        if held := caps.held_until(delivery, ticket, at):
            delivery.next_attempt_at = held
            db.session.flush()
            continue
        lease = at + settings().mail_timeout + _SPARE
        delivery.next_attempt_at, delivery.attempts, delivery.tried_at = lease, delivery.attempts + 1, at
        db.session.flush()
        return Claim(delivery.id, lease)
    return None


def _try(claim: Claim, transport: Transport) -> Tried:
    """Write one letter and hand it over; whatever happens is a result."""
    failpoint.reach("letter claimed")
    at = clock.now()
    with database.reading():
        known = facts.gather(claim.delivery_id, at)
        try:
            if is_stale(known):
                return Tried(known.delivery, claim.lease, Result(Fate.OVERTAKEN), at)
            written = letter.write(known, _closing_at(known))
        except DeliveryError as error:
            return Tried(known.delivery, claim.lease, Result(Fate.REFUSED, str(error)), at)
        except Exception as error:  # a letter that cannot be written must not stop the others
            log.exception("delivery %s cannot be written", claim.delivery_id)
            return Tried(known.delivery, claim.lease, _fault(known, error), at)
        finally:
            outbox.commit()  # a rollback would forget what was read
    result = transport.send(written)
    failpoint.reach("letter sent")
    return Tried(known.delivery, claim.lease, result, clock.now(), written.closing_at)


def _closing_at(known: Facts) -> datetime | None:
    """The moment of closing that this letter names."""
    if known.delivery.notice == "solved":
        return printed_moment(known.at)
    return known.ticket.close_at if known.delivery.notice == "closing" else None


def _fault(known: Facts, error: Exception) -> Result:
    fate = Fate.REFUSED if known.delivery.attempts >= _MOST_FAULTS else Fate.POSTPONED
    return Result(fate, f"Письмо не составилось: {type(error).__name__}: {error}"[:500])


def _patiently(act: Callable[[], _Result]) -> _Result:
    """Do it again where the database was away or locked for long: what was sent must not stay unmarked."""
    for _ in range(_MOST_PATIENCE):
        try:
            return act()
        except (OperationalError, InterfaceError) as error:
            log.warning("%s; the outcome of a letter is written again", type(error).__name__)
            time.sleep(_BREATH)
    return act()
