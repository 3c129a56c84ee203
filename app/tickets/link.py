"""The verb that sends a customer the link to their own page once more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import outbox
from app.actor import Actor
from app.extensions import db
from app.models.event import Event
from app.models.ticket import Ticket
from app.models.words import EventKind

MOST_AN_HOUR = 3


def send_link(ticket: Ticket, to: str, by: Actor, at: datetime, *, is_list: bool = False) -> bool:
    """Have the link written to ``to`` (or, ``is_list``, the links of all their open requests).

    A request's link goes out three times an hour at most; more: nothing happens (False).
    """
    sent = select(func.count()).where(
        Event.ticket_id == ticket.id, Event.kind == EventKind.LINKED, Event.at > at - timedelta(hours=1)
    )
    if (db.session.scalar(sent) or 0) >= MOST_AN_HOUR:
        return False
    outbox.record(ticket, EventKind.LINKED, by, at, to=to, is_list=is_list)
    return True
