"""Requests whose words are written, and what a search finds of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import Ticket
from app.search import indexing, query
from app.search.filters import Filters
from app.search.tickets import find
from tests.cast import request_of_carol


def asked(text: str, filters: Filters | None = None, **more: bool) -> list[str]:
    """Numbers that a search finds, in its order."""
    ids = find(query.typed(text), (filters or Filters()).wanted(), None, 50, **more).ids
    numbers = dict(db.session.execute(select(Ticket.id, Ticket.number)).all())
    return [numbers[ticket_id] for ticket_id in ids]


def made(text: str, **more: Any) -> Ticket:
    ticket = request_of_carol(text=text, **more)
    indexing.run()
    return ticket
