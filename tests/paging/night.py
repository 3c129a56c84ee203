"""A night of paging: the clock moved step by step, and what was said to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import alarms, clock, database, outbox, paging
from app.extensions import db
from app.models import Delivery, DeliveryChannel, Escalation, Page, Sweep, Ticket, Urgency
from tests.cast import request_of_carol

THREE = datetime(2027, 1, 1, 0, 0, tzinfo=UTC)  # 3:00 in Moscow, on a holiday
OPENING = datetime(2027, 1, 11, 6, 0, tzinfo=UTC)  # Monday, 9:00: the first working day of that year
MINUTE, BREATH = timedelta(minutes=1), timedelta(seconds=3)  # what a sweep may take on a slow machine
HEAD = "iso@stekspb.ru"


def go_to(moment: datetime) -> int:
    """Move the clock, sweep as the desk does every few seconds, and give how many pages were made."""
    clock.shift(moment - clock.now())
    with outbox.transaction():  # as if it had been sweeping all along
        db.session.merge(Sweep(name=alarms.NAME, ended_at=moment - MINUTE, done=0, error=""))
    alarms.sweep()
    clock.shift(BREATH)
    made = paging.sweep()
    db.session.rollback()
    return made


def urgent(**more: Any) -> Ticket:
    """Carol's urgent request, at 2:50: nobody takes it, so that it comes before the manager at 3:00."""
    clock.shift(THREE - 10 * MINUTE - BREATH - clock.now())
    return request_of_carol(urgency=Urgency.URGENT, **more)


def called(channel: DeliveryChannel = DeliveryChannel.EMAIL) -> list[tuple[str, str]]:
    """Every message in its order: when («03:10», Moscow) and to whom."""
    query = select(Page.made_at, Page.recipient, Page.delivery_id).where(Page.channel == channel).distinct()
    with database.reading():
        rows = db.session.execute(query.order_by(Page.delivery_id)).all()
        db.session.rollback()
    return [(f"{row.made_at + timedelta(hours=3):%H:%M}", row.recipient) for row in rows]


def letters(recipient: str) -> list[Delivery]:
    query = select(Delivery).where(Delivery.recipient == recipient, Delivery.notice == paging.NOTICE)
    return list(db.session.scalars(query.order_by(Delivery.id), execution_options={"populate_existing": True}))


def escalation_of(ticket: Ticket) -> Escalation:
    query = select(Escalation).where(Escalation.ticket_id == ticket.id, Escalation.resolved_at.is_(None))
    return db.session.scalars(query.order_by(Escalation.id), execution_options={"populate_existing": True}).all()[0]
