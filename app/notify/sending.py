"""Deliveries that are due: claimed one by one, sent outside of any transaction, marked together with the next claim."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from app import bouncing, clock, database, escalations, failpoint, outbox
from app.closing_moment import printed_moment
from app.config import settings
from app.errors import DeliveryError
from app.extensions import db
from app.models.delivery import Delivery
from app.notify import claims, facts, letter, outcome, standalone
from app.notify.claims import Claim
from app.notify.facts import Facts
from app.notify.freshness import is_stale
from app.notify.kept import KeptTransport
from app.notify.outcome import Tried
from app.notify.recipients import Notice
from app.notify.smtp import Fate, Result, SmtpTransport
from app.translate import _
from app.troubles import Trouble

log = logging.getLogger(__name__)

_MOST_FAULTS = 3  # tries of a letter that our own code cannot write
_PER_CONNECTION = 100
_MOST_PATIENCE, _BREATH = 3, 0.5  # times, seconds
_Result = TypeVar("_Result")


class Transport(Protocol):
    """A way out for letters."""

    def open(self) -> str: ...
    def send(self, letter: letter.Written) -> Result: ...
    def close(self) -> None: ...


def send(limit: int = 200, until: float | None = None) -> int:
    """Send up to ``limit`` due letters, starting none after ``until`` (monotonic); returns how many tries it made."""
    if not claims.is_due():
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
            claim = _patiently(partial(_settle, claim, tried, is_last=is_last))
            if claim is None:
                break
            if tries % _PER_CONNECTION == 0:
                transport.close()
        if claim is not None:
            _patiently(partial(_give_back, claim))
    finally:
        transport.close()
    return tries


def _first_claim() -> Claim | None:
    with outbox.transaction():
        escalations.settle_system(Trouble.MAIL_SERVER, clock.now())
        return claims.take()


def _settle(claim: Claim, tried: Tried, *, is_last: bool) -> Claim | None:
    """Write down what became of one letter and take the next, in one transaction."""
    with outbox.transaction():
        outcome.note(tried)
        if claim.with_ids and tried.result.fate is Fate.OVERTAKEN:
            claims.give_back(claim, *claim.with_ids)
        else:
            for delivery_id in claim.with_ids:
                outcome.note(replace(tried, delivery=db.session.get_one(Delivery, delivery_id)))
        return None if is_last else claims.take()


def _give_back(claim: Claim) -> None:
    with outbox.transaction():
        claims.give_back(claim, claim.delivery_id, *claim.with_ids)


def _postpone(claim: Claim | None, trouble: str) -> int:
    """The server went away: what is due waits, what we had claimed is due again at once and waits with the rest."""
    with outbox.transaction():
        if claim:
            claims.give_back(claim, claim.delivery_id, *claim.with_ids)
        return outcome.postpone_all(trouble, clock.now())


def _try(claim: Claim, transport: Transport) -> Tried:
    """Write one letter and hand it over; whatever happens is a result."""
    failpoint.reach("letter claimed")
    at = clock.now()
    with database.reading():
        delivery = db.session.get_one(Delivery, claim.delivery_id, populate_existing=True)
        known = facts.gather(claim.delivery_id, at, claim.with_ids) if delivery.ticket_id else None
        try:
            written = _written(delivery, known, at)
        except DeliveryError as error:
            return Tried(delivery, Result(Fate.REFUSED, str(error)), at)
        except Exception as error:  # a letter that cannot be written must not stop the others
            log.exception("delivery %s cannot be written", claim.delivery_id)
            return Tried(delivery, _fault(delivery, error), at)
        finally:
            outbox.commit()  # a rollback would forget what was read
    if written is None:
        return Tried(delivery, Result(Fate.OVERTAKEN), at)
    result = transport.send(written)
    failpoint.reach("letter sent")
    return Tried(delivery, result, clock.now(), written.closing_at)


def _written(delivery: Delivery, known: Facts | None, at: datetime) -> letter.Written | None:
    """The letter of a request, or one that stands alone; None when time has overtaken it."""
    if standalone.is_stale(delivery, at) if known is None else is_stale(known):
        return None
    _refuse_if_stopped(delivery, at)
    return standalone.write(delivery, at) if known is None else letter.write(known, _closing_at(known))


def _refuse_if_stopped(delivery: Delivery, at: datetime) -> None:
    """What nobody wrote by hand goes to no address whose letters came back; then a person has to call (58)."""
    if delivery.ticket_id is None:
        is_automatic = delivery.notice not in standalone.ASKED_FOR
    else:
        is_automatic = Notice(delivery.notice, delivery.recipient, delivery.is_for_customer).is_automatic
    if is_automatic and (one := bouncing.stopped(delivery.recipient, at)):
        values = {"address": one.address, "status": one.status}
        stopped = _("Не отправлено: письма на %(address)s возвращаются (%(status)s).", **values)
        raise DeliveryError(stopped, permanent=True)


def _closing_at(known: Facts) -> datetime | None:
    """The moment of closing that this letter names."""
    if known.delivery.notice == "solved":
        return printed_moment(known.at)
    return known.ticket.close_at if known.delivery.notice == "closing" else None


def _fault(delivery: Delivery, error: Exception) -> Result:
    fate = Fate.REFUSED if delivery.attempts >= _MOST_FAULTS else Fate.POSTPONED
    return Result(fate, _("Письмо не составилось: %(error)s", error=f"{type(error).__name__}: {error}")[:500])


def _patiently(act: Callable[[], _Result]) -> _Result:
    """Do it again where the database was away or locked for long: what was sent must not stay unmarked."""
    for _try in range(_MOST_PATIENCE):
        try:
            return act()
        except (OperationalError, InterfaceError) as error:
            log.warning("%s; the outcome of a letter is written again", type(error).__name__)
            time.sleep(_BREATH)
    return act()
