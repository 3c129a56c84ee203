"""Letters of the past: each event's notice to customers, accepted a few seconds after it happened."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from app import signing
from app.closing_moment import printed_moment
from app.extensions import db
from app.models.company import Company
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.ticket import Ticket
from app.models.words import DeliveryChannel, DeliveryState, EventKind, Notify, Urgency
from app.tickets import closing

_TOLD = {
    EventKind.REGISTERED,
    EventKind.REPLIED,
    EventKind.ASKED,
    EventKind.MOVED,
    EventKind.SOLVED,
    EventKind.REOPENED,
    EventKind.REMINDED,
}


def deliver_past(ticket: Ticket, dice: random.Random) -> None:
    """Mark what happened so far as told: nothing of the demo's past is mailed now."""
    pending = select(Event).where(Event.ticket_id == ticket.id, Event.drain_at.is_not(None)).order_by(Event.id)
    for event in db.session.scalars(pending).all():
        for place, recipient in enumerate(_recipients(ticket, event), start=1):
            db.session.add(_accepted(ticket, event, recipient, place, dice))
        event.drain_at = None
    db.session.flush()
    closing.settle(ticket)
    db.session.flush()


def _recipients(ticket: Ticket, event: Event) -> Iterator[str]:
    is_told = event.kind in _TOLD or (event.kind is EventKind.TAKEN and ticket.urgency is Urgency.URGENT)
    if not is_told:
        return
    if ticket.applicant_email:
        yield ticket.applicant_email
    company = db.session.get(Company, ticket.company_id) if ticket.company_id else None
    is_for_company = event.kind in {EventKind.REGISTERED, EventKind.SOLVED}
    if company and company.notice_email and company.notify is not Notify.APPLICANT and is_for_company:
        yield company.notice_email


def _accepted(ticket: Ticket, event: Event, recipient: str, place: int, dice: random.Random) -> Delivery:
    left_at = (event.drain_at or event.at) + timedelta(seconds=dice.randint(1, 4))
    accepted_at = left_at + timedelta(seconds=dice.randint(1, 9))
    return Delivery(
        event_id=event.id,
        ticket_id=ticket.id,
        notice=event.kind.value,
        channel=DeliveryChannel.EMAIL,
        recipient=recipient,
        state=DeliveryState.ACCEPTED,
        message_id=signing.message_id(ticket.number, f"{event.id}{place}"),
        created_at=event.drain_at or event.at,
        attempts=1,
        next_attempt_at=None,
        tried_at=left_at,
        accepted_at=accepted_at,
        closing_at=printed_moment(left_at) if event.kind is EventKind.SOLVED else None,
    )
