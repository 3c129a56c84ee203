"""What a try does to its delivery: accepted, put off, given up; and who has to know of it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app import bouncing, escalations, outbox
from app.extensions import db
from app.models.company import Company
from app.models.delivery import UNDELIVERED_AFTER, Delivery
from app.models.ticket import Ticket
from app.models.words import UNSETTLED, DeliveryChannel, DeliveryState
from app.notify.drain import insert, row
from app.notify.recipients import Notice, contract_address
from app.notify.smtp import Fate, Result
from app.translate import _
from app.troubles import Trouble

GIVE_UP_AFTER = timedelta(days=5)
SILENT_AFTER = timedelta(minutes=15)  # then the mail server is a matter for the manager
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 900, 1800, 3600, 7200, 14400))
_SECOND_ADDRESS = 900  # the index, in its event, of the delivery that stands in for a refused one
_REASONED = re.compile(r"5\d\d[ -](5\.[127]\.\d{1,3})\b")  # RFC 3463: addresses, mailboxes, policies


@dataclass(frozen=True)
class Tried:
    """One try of a claimed delivery."""

    delivery: Delivery
    result: Result
    at: datetime
    closing_at: datetime | None = None


def note(tried: Tried) -> None:
    """Write the outcome into the row, inside the caller's transaction; a bounce that came meanwhile stands."""
    delivery, result = tried.delivery, tried.result
    match result.fate:
        case Fate.ACCEPTED:
            _write(tried, state=DeliveryState.ACCEPTED, accepted_at=tried.at, closing_at=tried.closing_at, error="")
        case Fate.REFUSED:
            _count(tried)
            _give_up(tried, result.error)
        case Fate.OVERTAKEN:
            stale = _("Не отправлено: за это время устарело.")
            _write(tried, state=DeliveryState.FAILED, is_escalated=True, error=stale)
        case _ if tried.at - delivery.created_at >= GIVE_UP_AFTER:
            _give_up(tried, _("Не доставлено за 5 дней. %(error)s", error=result.error))
        case _:
            state = DeliveryState.SENT if result.fate is Fate.UNSURE else delivery.state
            again_at = tried.at + pause(delivery.attempts)
            _write(tried, state=state, next_attempt_at=again_at, error=result.error)
    if delivery.ticket_id is None:
        return
    is_settled = result.fate in {Fate.ACCEPTED, Fate.REFUSED}
    is_overdue = not delivery.is_escalated and tried.at - delivery.created_at >= UNDELIVERED_AFTER
    if delivery.is_for_customer and (is_settled or is_overdue):
        outbox.poke(delivery.ticket_id, tried.at)
    outbox.notices_changed(_number(delivery.ticket_id))


def postpone_all(error: str, at: datetime, limit: int = 200) -> int:
    """The server cannot be reached: everything that is due waits, each by its own count of tries."""
    waiting = (Delivery.next_attempt_at <= at, Delivery.channel == DeliveryChannel.EMAIL)
    query = select(Delivery).where(*waiting).order_by(Delivery.next_attempt_at).limit(limit)
    due = db.session.scalars(
        query.with_for_update(skip_locked=True), execution_options={"populate_existing": True}
    ).all()
    for delivery in due:
        delivery.attempts, delivery.tried_at = delivery.attempts + 1, at
        db.session.flush()
        note(Tried(delivery, Result(Fate.POSTPONED, error), at))
    if any(at - delivery.created_at >= SILENT_AFTER for delivery in due):
        escalations.report_system(Trouble.MAIL_SERVER, error, at)
    return len(due)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries: from ten seconds to four hours, a little apart from each other."""
    wait = _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return wait * random.uniform(1.0, 1.2)


def _give_up(tried: Tried, error: str) -> None:
    if tried.delivery.ticket_id is None:  # there is no request on which anybody could act
        _write(tried, state=DeliveryState.FAILED, is_escalated=True, error=error)
        return
    _write(tried, state=DeliveryState.FAILED, error=error)
    _try_company(tried)


def _count(tried: Tried) -> None:
    """A refusal that says why, of the address and not of our own server alone, counts as its bounce would."""
    if found := _REASONED.match(tried.result.error):
        status = found.group(1)
        bouncing.count(tried.delivery.recipient, status, bouncing.weight(status), tried.at)


def _try_company(tried: Tried) -> None:
    """The applicant's address refuses: the address in the contract stands in, if it has not been told already."""
    delivery = tried.delivery
    ticket = db.session.get_one(Ticket, delivery.ticket_id)
    company = db.session.get(Company, ticket.company_id) if ticket.company_id else None
    address = contract_address(ticket, company)
    if delivery.event_id and address and delivery.is_for_customer and address.lower() != delivery.recipient:
        notice = Notice(delivery.notice, address)
        insert([row(delivery.event_id, ticket, notice, _SECOND_ADDRESS, tried.at)])


def _write(tried: Tried, **values: object) -> None:
    # Whatever became of our lease meanwhile, a letter the server took is taken; a bounce or an acceptance stands.
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == tried.delivery.id)
        .where(Delivery.state.in_(UNSETTLED))
        .values({"next_attempt_at": None, **values}),
        execution_options={"synchronize_session": False},
    )


def _number(ticket_id: int) -> str:
    return db.session.scalar(select(Ticket.number).where(Ticket.id == ticket_id)) or ""
