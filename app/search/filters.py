"""What narrows a search: state, engineer, company, period, channel, a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_

from app.models.ticket import Ticket
from app.models.words import Channel, State
from app.search import words
from app.search.tickets import Wanted


@dataclass(frozen=True, slots=True)
class Filters:
    """None or empty: not asked for. ``since`` included, ``until`` not. ``engineer_id`` 0: nobody's."""

    states: tuple[State, ...] = ()
    engineer_id: int | None = None
    company_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    channel: Channel | None = None
    has_file: bool = False

    def wanted(self) -> Wanted:
        """As the index and the table of requests are asked for it."""
        conditions: list[ColumnElement[bool]] = []
        if self.states:
            conditions.append(or_(*(Ticket.state == state for state in self.states)))
        if self.engineer_id is not None:
            conditions.append(
                Ticket.engineer_id == self.engineer_id if self.engineer_id else Ticket.engineer_id.is_(None)
            )
        if self.company_id is not None:
            conditions.append(Ticket.company_id == self.company_id)
        if self.since:
            conditions.append(Ticket.created_at >= self.since)
        if self.until:
            conditions.append(Ticket.created_at < self.until)
        if self.channel:
            conditions.append(Ticket.channel == self.channel)
        tokens = [words.company(self.company_id)] if self.company_id is not None else []
        if self.has_file:
            tokens.append(words.HAS_FILE)
        return Wanted(tuple(conditions), tuple(tokens), self.since, self.until)
