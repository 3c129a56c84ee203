"""Requests that were merged into others, and the requests that go on for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from app.extensions import db
from app.models.ticket import Ticket

_MOST_MERGES = 10


def joined_ids(ticket_ids: Collection[int]) -> dict[int, int]:
    """The requests merged into these, at first or at second hand; each with the one of these that goes on for it."""
    found: dict[int, int] = {}
    wanted = {ticket_id: ticket_id for ticket_id in ticket_ids}
    for _ in range(_MOST_MERGES):
        if not wanted:
            break
        query = select(Ticket.id, Ticket.merged_into_id).where(
            Ticket.merged_into_id.is_not(None), Ticket.merged_into_id.in_(list(wanted))
        )
        wanted = {row.id: wanted[row.merged_into_id] for row in db.session.execute(query) if row.merged_into_id}
        found |= wanted
    return found


def going_on(ticket: Ticket) -> Ticket:
    """The request in which this one goes on: itself, or the end of the chain of those it was merged into."""
    for _ in range(_MOST_MERGES):
        following = db.session.get(Ticket, ticket.merged_into_id) if ticket.merged_into_id else None
        if following is None:
            break
        ticket = following
    return ticket


def joined_addresses(ticket_ids: Collection[int]) -> dict[int, list[str]]:
    """By request: whom else its letters go to, because their request goes on in it."""
    main = joined_ids(ticket_ids)
    if not main:
        return {}
    query = select(Ticket.id, Ticket.applicant_email).where(Ticket.id.in_(list(main)), Ticket.is_suspect.is_(False))
    found: dict[int, list[str]] = defaultdict(list)
    for ticket_id, address in db.session.execute(query.order_by(Ticket.id)):
        if address and address not in found[main[ticket_id]]:
            found[main[ticket_id]].append(address)
    return found
