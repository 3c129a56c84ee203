"""The list of incidents: what goes on first, then the newest; how many requests belong to each and are still open."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from app.columns import read_columns
from app.extensions import db
from app.models.incident import Incident, IncidentTicket
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.names import surname
from app.reading.reader import Reader

PAGE = 50
_PLACE = re.compile(r"([01])\.(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    title: str
    began: str
    closed: str
    engineer: str
    requests: int
    open: int


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    next_place: str


def page(reader: Reader, after: str = "") -> Page:
    """At most 50, and the place from which the next page goes on; two queries."""
    is_over = Incident.closed_at.is_not(None)
    query = select(Incident.id, Incident.title, Incident.created_at, Incident.closed_at, Staff.name).outerjoin(
        Staff, Staff.id == Incident.staff_id
    )
    if place := _PLACE.fullmatch(after):
        same = and_(is_over if place[1] == "1" else ~is_over, Incident.id < int(place[2]))
        query = query.where(same if place[1] == "1" else or_(same, is_over))
    rows = db.session.execute(query.order_by(is_over, Incident.id.desc()).limit(PAGE + 1)).all()
    shown, last = rows[:PAGE], rows[PAGE - 1] if len(rows) > PAGE else None
    counts = _counts([row.id for row in shown])
    lines = [
        Line(
            id=row.id,
            title=row.title,
            began=reader.short_moment(row.created_at),
            closed=_moment(row.closed_at, reader),
            engineer=surname(row.name) if row.name else "",
            requests=counts.get(row.id, (0, 0))[0],
            open=counts.get(row.id, (0, 0))[1],
        )
        for row in shown
    ]
    return Page(lines, f"{int(last.closed_at is not None)}.{last.id}" if last else "")


_OPEN = select(func.count()).where(Incident.closed_at.is_(None))


def open_count() -> int:
    return read_columns(_OPEN).scalar_one()


def _counts(ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Of each incident: its requests, and those that are open."""
    if not ids:
        return {}
    query = (
        select(IncidentTicket.incident_id, func.count(), func.count().filter(Ticket.is_active))
        .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
        .where(IncidentTicket.incident_id.in_(ids))
        .group_by(IncidentTicket.incident_id)
    )
    return {incident_id: (total, still_open) for incident_id, total, still_open in db.session.execute(query)}


def _moment(at: datetime | None, reader: Reader) -> str:
    return reader.short_moment(at) if at else ""
