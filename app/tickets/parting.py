"""The ledger of requests that are taken apart again: what ended or began with the merge is in force as it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.promise import Promise
from app.models.ticket import Ticket
from app.models.words import PromiseKind
from app.tickets.promising import current, set_alarms

_REASON = "заявки разъединены"


def go_on(ticket: Ticket) -> None:
    """The request that was joined goes on by itself, with the promises that it had; those judged stay judged."""
    for kind in PromiseKind:
        standing = current(ticket, kind)
        if standing is None:
            query = select(Promise).where(Promise.ticket_id == ticket.id, Promise.kind == kind)
            ended = db.session.scalars(query.order_by(Promise.id.desc()).limit(1)).first()
            if ended is not None:
                _again(ticket, ended, _REASON)
        elif standing.kept is None:
            set_alarms(ticket, standing)


def put_back(ticket: Ticket, kind: PromiseKind, promise_id: int, at: datetime, reason: str = _REASON) -> None:
    """What superseded that promise is undone: it is in force again. What was judged meanwhile stays."""
    standing, before = current(ticket, kind), db.session.get_one(Promise, promise_id)
    if standing is None or before.superseded_by_id != standing.id or standing.kept is not None:
        return
    following = _again(ticket, before, reason)
    standing.superseded_at, standing.superseded_by_id = at, following.id


def _again(ticket: Ticket, ended: Promise, reason: str) -> Promise:
    """The same promise, of the same moment, as a row of its own: no row is ever taken back."""
    promise = Promise(
        ticket_id=ended.ticket_id,
        kind=ended.kind,
        due_at=ended.due_at,
        stated_at=ended.stated_at,
        basis=ended.basis,
        why=ended.why,
        why_public=ended.why_public,
        provisional=ended.provisional,
        urgency=ended.urgency,
        reason=reason,
        near_at=ended.near_at,
        warned_at=ended.warned_at,
    )
    db.session.add(promise)
    db.session.flush()
    ticket.contract = promise.basis["contract"]
    set_alarms(ticket, promise)
    return promise
