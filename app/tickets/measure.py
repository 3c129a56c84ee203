"""How long a request took, in its own working time, by who held the ball: sums over its holdings, for the reports.

Written with the verb that ends what is measured; measured anew, in batches, where a row was written before that.
"""

from __future__ import annotations

import time
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select, update

from app import outbox
from app.calendars import WorkCalendar
from app.errors import NotFound
from app.extensions import db
from app.models.promise import Holding, Promise
from app.models.ticket import Ticket
from app.models.words import Holder, PromiseKind
from app.promises import Basis
from app.promises.statement import clock_of
from app.terms import calendar_named

BATCH = 500  # requests a transaction
BUDGET = 2.0  # seconds

UNMEASURED: ColumnElement[bool] = literal_column("tickets.is_measured IS FALSE")  # word for word as the index has it

_WORK = {
    Holder.QUEUE: "queue_work",
    Holder.ENGINEER: "engineer_work",
    Holder.THIRD_PARTY: "third_party_work",
    Holder.CUSTOMER: "customer_work",
}
_COLUMNS = (Ticket.id, Ticket.version, Ticket.created_at, Ticket.reacted_at, Ticket.solved_at)
_WEAK = {"synchronize_session": False}


def reacted(ticket: Ticket, basis: dict[str, Any]) -> None:
    """Measure the way to the first human answer, by the clock of the reaction's promise."""
    assert ticket.reacted_at is not None
    ticket.reaction_work = _worked(_clock(basis), ticket.created_at, ticket.reacted_at)


def solved(ticket: Ticket) -> None:
    """Measure the way to the solution, by the clock of the solution's promise; the ball has been passed."""
    assert ticket.solved_at is not None
    db.session.flush()
    basis = _bases([ticket.id])[ticket.id, PromiseKind.SOLUTION]
    held = db.session.execute(_held([ticket.id]))
    for name, seconds in _shares([row[1:] for row in held], _clock(basis), ticket.solved_at).items():
        setattr(ticket, name, seconds)


def owed(most: int, after: int = 0) -> list[int]:
    """The next requests that were not measured yet, by id."""
    query = select(Ticket.id).where(UNMEASURED, Ticket.id > after)
    return list(db.session.scalars(query.order_by(Ticket.id).limit(most)))


def sweep(budget: float = BUDGET) -> int:
    """Measure what is owed, batch by batch, for about so many seconds; returns how many requests were looked at."""
    began, looked_at, last = time.monotonic(), 0, 0
    while time.monotonic() - began < budget:
        with outbox.transaction():
            batch = owed(BATCH, last)
            anew(batch)
        looked_at += len(batch)
        if len(batch) < BATCH:
            break
        last = batch[-1]
    return looked_at


def owe_all() -> None:
    """Have every request measured anew; the caller commits."""
    db.session.execute(update(Ticket).values(is_measured=False), execution_options=_WEAK)


def anew(ticket_ids: list[int]) -> None:
    """Measure requests from their rows. One that a verb changes meanwhile stays owed; the caller commits."""
    tickets = db.session.execute(select(*_COLUMNS).where(Ticket.id.in_(ticket_ids))).all()
    promised = _bases(ticket_ids)
    held = groupby(db.session.execute(_held(ticket_ids)), lambda row: row[0])
    holdings = {ticket_id: [row[1:] for row in rows] for ticket_id, rows in held}
    for ticket in tickets:
        values: dict[str, Any] = {"is_measured": True}
        reaction, solution = (promised.get((ticket.id, kind)) for kind in (PromiseKind.REACTION, PromiseKind.SOLUTION))
        if solution is not None:
            values["contract"] = solution["contract"]
        if reaction is not None and ticket.reacted_at is not None:
            values["reaction_work"] = _worked(_clock(reaction), ticket.created_at, ticket.reacted_at)
        if solution is not None and ticket.solved_at is not None:
            values |= _shares(holdings.get(ticket.id, []), _clock(solution), ticket.solved_at)
        unchanged = (Ticket.id == ticket.id, Ticket.version == ticket.version)
        db.session.execute(update(Ticket).where(*unchanged).values(**values), execution_options=_WEAK)


def _bases(ticket_ids: list[int]) -> dict[tuple[int, PromiseKind], dict[str, Any]]:
    """The basis of the last promise of each kind."""
    query = select(Promise.ticket_id, Promise.kind, Promise.basis).where(Promise.ticket_id.in_(ticket_ids))
    return {(ticket_id, kind): basis for ticket_id, kind, basis in db.session.execute(query.order_by(Promise.id))}


def _held(ticket_ids: list[int]) -> Any:
    columns = (Holding.ticket_id, Holding.holder, Holding.started_at, Holding.ended_at)
    return select(*columns).where(Holding.ticket_id.in_(ticket_ids)).order_by(Holding.ticket_id, Holding.id)


def _shares(held: list[Any], clock: WorkCalendar | None, solved_at: datetime) -> dict[str, int]:
    shares = dict.fromkeys(_WORK.values(), 0)
    for holder, started_at, ended_at in held:
        if holder in _WORK:
            shares[_WORK[holder]] += _worked(clock, started_at, min(ended_at or solved_at, solved_at))
    return shares


def _clock(basis: dict[str, Any]) -> WorkCalendar | None:
    """None where its calendar has gone: the clock on the wall."""
    try:
        return clock_of(Basis.from_json(basis), calendar_named(basis["calendar"]))
    except NotFound:
        return None


def _worked(clock: WorkCalendar | None, start: datetime, end: datetime) -> int:
    worked = clock.worked(start, end) if clock else end - start
    return max(0, round(worked.total_seconds()))
