"""Letters of the past: the notices that each event owed, accepted a few seconds after it happened."""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import select, update

from app import clock, signing
from app.closing_moment import printed_moment
from app.extensions import db
from app.models.company import Company
from app.models.complaint import Complaint
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import DeliveryChannel, DeliveryState
from app.notify.drain import serial
from app.notify.recipients import Cast, Notice, recipients
from app.tickets import closing


def deliver_past(ticket: Ticket, staff: list[Staff], dice: random.Random) -> None:
    """Mark what happened so far as told: nothing of the demo's past is mailed now."""
    pending = select(Event).where(Event.ticket_id == ticket.id, Event.drain_at.is_not(None)).order_by(Event.id)
    company = db.session.get(Company, ticket.company_id) if ticket.company_id else None
    engineer = db.session.get(Staff, ticket.engineer_id) if ticket.engineer_id else None
    for event in db.session.scalars(pending).all():
        for index, notice in enumerate(recipients(event, ticket, Cast(company, engineer, staff))):
            db.session.add(_accepted(ticket, event, notice, index, dice))
        event.drain_at = None
    db.session.flush()
    _of_complaints(dice)
    closing.settle(ticket)
    db.session.flush()


def _of_complaints(dice: random.Random) -> None:
    """Letters of complaints belong to no request's history."""
    owed = select(Delivery).where(Delivery.event_id.is_(None), Delivery.next_attempt_at.is_not(None))
    for delivery in db.session.scalars(owed.order_by(Delivery.id)).all():
        delivery.tried_at = delivery.created_at + timedelta(seconds=dice.randint(1, 4))
        delivery.accepted_at = delivery.tried_at + timedelta(seconds=dice.randint(1, 9))
        delivery.state, delivery.attempts, delivery.next_attempt_at = DeliveryState.ACCEPTED, 1, None
    late = update(Complaint).where(Complaint.due_at <= clock.now(), Complaint.reminded_at.is_(None))
    db.session.execute(late.values(reminded_at=Complaint.due_at), execution_options={"synchronize_session": False})


def _accepted(ticket: Ticket, event: Event, notice: Notice, index: int, dice: random.Random) -> Delivery:
    made_at = event.drain_at or event.at
    left_at = made_at + timedelta(seconds=dice.randint(1, 4))
    return Delivery(
        event_id=event.id,
        ticket_id=ticket.id,
        notice=notice.name,
        channel=DeliveryChannel.EMAIL,
        recipient=notice.recipient,
        is_for_customer=notice.is_for_customer,
        state=DeliveryState.ACCEPTED,
        message_id=signing.message_id(ticket.number, serial(event.id, index)),
        created_at=made_at,
        attempts=1,
        next_attempt_at=None,
        tried_at=left_at,
        accepted_at=left_at + timedelta(seconds=dice.randint(1, 9)),
        closing_at=printed_moment(left_at) if notice.name == "solved" else None,
    )
