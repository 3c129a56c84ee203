"""Urgency that was declared or taken off by mistake, and is put back at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import outbox
from app.actor import Actor
from app.errors import IllegalMove
from app.extensions import db
from app.models.event import Event
from app.models.promise import Promise
from app.models.ticket import Ticket
from app.models.words import EventKind, PromiseKind, Urgency
from app.tickets import parting, promising
from app.tickets.alarm import Alarm, set_alarm
from app.tickets.deadline import set_urgency
from app.tickets.moves import Move, after
from app.translate import _

_REASON = "срочность вернули, как была"
_TURNS = (  # what moves a deadline or stops a clock; not complaints, of which nothing here may tell
    *(EventKind.URGENT, EventKind.MOVED, EventKind.IDENTIFIED, EventKind.ASKED, EventKind.ANSWERED, EventKind.RECALLED),
    *(EventKind.RETURNED, EventKind.HELD, EventKind.RELEASED, EventKind.SOLVED, EventKind.REOPENED, EventKind.CLOSED),
    *(EventKind.MERGED, EventKind.UNMERGED),
)


def promises_in_force(ticket: Ticket) -> dict[str, int]:
    """What ``put_back_urgency`` needs of the ledger, read before the urgency is changed: promises by their kind."""
    standing = {kind: promising.current(ticket, kind) for kind in PromiseKind}
    return {kind.value: promise.id for kind, promise in standing.items() if promise is not None}


def put_back_urgency(ticket: Ticket, event_id: int, promised: dict[str, int], by: Actor, at: datetime) -> None:
    """Undo that change of urgency: the promises that it superseded are in force again, to the minute.

    Only while nothing else moved a deadline or stopped a clock: then the moments given before are still the right ones.
    One that was broken already is not put back: a new one is stated. Nobody is told where nobody heard of the change.
    """
    after(ticket, Move.PROMISE)
    later = select(Event.id).where(Event.ticket_id == ticket.id, Event.id > event_id, Event.kind.in_(_TURNS))
    if db.session.scalar(later.limit(1)) is not None:
        raise IllegalMove(_("После этого в заявке уже что-то сделали: срочность оставили. Измените её в самой заявке."))
    before = Urgency.NORMAL if ticket.is_urgent else Urgency.URGENT
    if any(db.session.get_one(Promise, promise_id).kept is False for promise_id in promised.values()):
        set_urgency(ticket, before, by, at)
        return
    ticket.urgency = before
    for kind in PromiseKind:
        if kind.value in promised:
            parting.put_back(ticket, kind, promised[kind.value], at, _REASON)
    set_alarm(ticket, Alarm.TAKE, None)
    promising.want_name(ticket, at)
    data: dict[str, Any] = {"is_silent": True} if outbox.silence(Event.id == event_id) else {}
    outbox.record(ticket, EventKind.URGENT, by, at, urgency=before.value, **data)
