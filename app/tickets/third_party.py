"""Waiting for a third party, which stops the solution's clock where the contract of the promise says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.models.ticket import Ticket
from app.models.words import Holder
from app.tickets import promising
from app.tickets.ball import pass_ball

Told = dict[str, Any]
"""What the act's event says of a deadline that became later: ``due_at`` and ``before``; empty where it stands."""


def wait(ticket: Ticket, at: datetime, reason: str, look_again_at: datetime | None) -> bool:
    """A third party holds the ball from ``at`` on; the same again is no change (False)."""
    if not pass_ball(ticket, Holder.THIRD_PARTY, at, reason, look_again_at):
        return False
    if ticket.paused_at is None and promising.stops_for_third_party(ticket):
        promising.pause(ticket, at)
    return True


def leave(ticket: Ticket, holder: Holder, at: datetime) -> Told:
    """``holder`` has the ball from ``at`` on; where a third party's wait ends by that, its time is added."""
    before, was_third_party = ticket.due_at, ticket.holder is Holder.THIRD_PARTY
    pass_ball(ticket, holder, at)
    if was_third_party and ticket.paused_at is not None:
        promising.resume(ticket, at, is_third_party=True)
    if not was_third_party or ticket.due_at is None or before is None or ticket.due_at == before:
        return {}
    return {"due_at": ticket.due_at.isoformat(), "before": before.isoformat()}
