"""Events become deliveries: once, whoever drains and however often."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import joinedload

from app import clock, duty, locks, outbox, signing
from app.extensions import db, insert_into
from app.locks import Lock
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import DeliveryChannel, DeliveryState
from app.notify import caps
from app.notify.addresses import normalised
from app.notify.recipients import Cast, Notice, recipients
from app.notify.telegram.owing import owe
from app.tickets.family import joined_addresses

log = logging.getLogger(__name__)

BATCH = 300
_PUT_OFF = timedelta(minutes=10)  # an event that fails: until somebody has mended what it fails on
_IN_ORDER = Event.id + 0  # a bare id would have all history read in its order to find the few that are due


def drain(limit: int = BATCH) -> int:
    """Turn up to ``limit`` events whose time has come into deliveries; returns how many events it took.

    One that fails is put off and holds up no other; what was wrong with it is raised once all have had their turn.
    """
    try:
        return _turn(limit)
    except (OperationalError, InterfaceError):  # the database's trouble, no event's
        raise
    except Exception:
        log.exception("events could not be turned into notices together; each goes by itself")
    return _one_by_one(limit)


def _one_by_one(limit: int) -> int:
    ids = db.session.scalars(
        select(Event.id).where(Event.drain_at <= clock.now()).order_by(_IN_ORDER).limit(limit)
    ).all()
    db.session.rollback()
    taken = 0
    trouble: Exception | None = None
    for event_id in ids:
        try:
            taken += _turn(1, Event.id == event_id)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("event %s could not be turned into notices", event_id)
            with outbox.transaction():
                put_off = update(Event).where(Event.id == event_id).values(drain_at=clock.now() + _PUT_OFF)
                db.session.execute(put_off, execution_options={"synchronize_session": False})
            trouble = error
    if trouble is not None:
        raise trouble
    return taken


def _turn(limit: int, *which: ColumnElement[bool]) -> int:
    with outbox.transaction():
        locks.wait_for(Lock.DRAIN)
        at = clock.now()
        # The row lock waits for a recall() in the same second and then passes its event over.
        query = select(Event).where(Event.drain_at <= at, *which).order_by(_IN_ORDER).limit(limit).with_for_update()
        events = db.session.scalars(query, execution_options={"populate_existing": True}).all()
        if events:
            tickets, staff, on_duty = _tickets({event.ticket_id for event in events}), _staff(), duty.on_duty(at)
            rows = _deliveries(events, tickets, staff, on_duty, at)
            caps.let_through(rows, at)
            insert(rows)
            lettered = {each["event_id"] for each in rows if each["is_for_customer"]}
            owe(events, tickets, staff, lettered, on_duty, at)
            db.session.execute(
                update(Event).where(Event.id.in_([event.id for event in events])).values(drain_at=None),
                execution_options={"synchronize_session": False},
            )
    return len(events)


def serial(event_id: int, index: int) -> int:
    """A number for a Message-ID that no other delivery has: its last digit is 1, that of a telephone notice is 0."""
    return event_id * 10_000 + index * 10 + 1


def row(event_id: int, ticket: Ticket, notice: Notice, index: int, at: datetime) -> dict[str, object]:
    """One delivery, with the Message-ID that it keeps through all its tries."""
    return {
        "event_id": event_id,
        "ticket_id": ticket.id,
        "notice": notice.name,
        "channel": DeliveryChannel.EMAIL,
        "recipient": normalised(notice.recipient),
        "is_for_customer": notice.is_for_customer,
        "state": DeliveryState.WAITING,
        "message_id": signing.message_id(ticket.number, serial(event_id, index)),
        "created_at": at,
        "attempts": 0,
        "next_attempt_at": at,
        "is_escalated": False,
        "error": "",
    }


def insert(rows: list[dict[str, object]]) -> None:
    """Insert or ignore: one delivery per event, recipient and channel."""
    for first in range(0, len(rows), 500):  # SQLite binds at most 32 766 values at once
        some = insert_into(Delivery).values(rows[first : first + 500])
        db.session.execute(some.on_conflict_do_nothing())


def _deliveries(
    events: Sequence[Event],
    tickets: Mapping[int, Ticket],
    staff: Sequence[Staff],
    on_duty: Sequence[Staff],
    at: datetime,
) -> list[dict[str, object]]:
    rows, joined = [], joined_addresses(tickets.keys())
    for event in events:
        ticket = tickets[event.ticket_id]
        cast = Cast(ticket.company, ticket.engineer, staff, on_duty, joined.get(ticket.id, ()))
        for index, notice in enumerate(recipients(event, ticket, cast)):
            rows.append(row(event.id, ticket, notice, index, at))
            outbox.notices_changed(ticket.number)
    return rows


def _tickets(ids: set[int]) -> dict[int, Ticket]:
    query = select(Ticket).where(Ticket.id.in_(ids)).options(joinedload(Ticket.company), joinedload(Ticket.engineer))
    found = db.session.scalars(query, execution_options={"populate_existing": True})
    return {ticket.id: ticket for ticket in found}


def _staff() -> Sequence[Staff]:
    return db.session.scalars(select(Staff).where(Staff.is_disabled.is_(False)).order_by(Staff.id)).all()
