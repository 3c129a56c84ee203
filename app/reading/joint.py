"""Requests that are, or may be, about one thing: those chosen to be merged, likely others, and those joined already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, or_, select

from app.columns import read_columns
from app.models.staff import Staff
from app.models.ticket import ACTIVE, Ticket
from app.models.words import Urgency
from app.names import surname
from app.reading.reader import Reader

MOST, LIKELY = 200, 12
_SELECT: Select[*tuple[Any, ...]] = (
    select(
        *(Ticket.id, Ticket.number, Ticket.state, Ticket.urgency, Ticket.title, Ticket.company_name, Ticket.due_at),
        *(Ticket.applicant_name, Ticket.applicant_email, Ticket.created_at, Ticket.is_active),
        Staff.name.label("engineer"),
    )
    .select_from(Ticket)
    .outerjoin(Staff, Staff.id == Ticket.engineer_id)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One request in a list to choose from."""

    number: str
    title: str
    state: str
    is_urgent: bool
    is_open: bool
    whose: str
    engineer: str
    came: str
    due: str


def lines(numbers: Collection[str], reader: Reader) -> list[Line]:
    """The requests with these numbers, the one that should go on first: urgent before standard, then the oldest."""
    rows = read_columns(_SELECT.where(Ticket.number.in_(list(numbers)[:MOST]))).all()
    return _told(sorted(rows, key=lambda row: (row.urgency is not Urgency.URGENT, row.created_at, row.id)), reader)


def likely(numbers: Collection[str], reader: Reader) -> list[Line]:
    """Other open requests of the same company or address: as a rule the second report of the same trouble."""
    query = select(Ticket.company_id, Ticket.applicant_email).where(Ticket.number.in_(list(numbers)[:MOST]))
    known = read_columns(query).all()
    companies = {row.company_id for row in known if row.company_id is not None}
    addresses = {row.applicant_email for row in known if row.applicant_email}
    if not companies and not addresses:
        return []
    own = or_(Ticket.company_id.in_(companies), Ticket.applicant_email.in_(addresses))
    wanted = _SELECT.where(ACTIVE, own, Ticket.number.not_in(list(numbers)[:MOST]))
    return _told(read_columns(wanted.order_by(Ticket.created_at.desc()).limit(LIKELY)).all(), reader)


def joined_to(ticket_id: int, reader: Reader) -> list[Line]:
    """The requests that were merged into this one."""
    query = _SELECT.where(Ticket.merged_into_id.is_not(None), Ticket.merged_into_id == ticket_id)
    return _told(read_columns(query.order_by(Ticket.id).limit(MOST)).all(), reader)


def _told(rows: Sequence[Columns[Any]], reader: Reader) -> list[Line]:
    return [
        Line(
            number=row.number,
            title=row.title,
            state=row.state.value,
            is_urgent=row.urgency is Urgency.URGENT,
            is_open=row.is_active,
            whose=", ".join(filter(None, (row.company_name, row.applicant_name or row.applicant_email))),
            engineer=surname(row.engineer) if row.engineer else "",
            came=reader.short_moment(row.created_at),
            due=reader.short_moment(row.due_at) if row.due_at and row.is_active else "",
        )
        for row in rows
    ]
