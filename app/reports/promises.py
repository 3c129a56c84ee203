"""How many promises were kept: counted over the ledger, each judged as it was given."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from app import durations
from app.config import settings
from app.extensions import db
from app.models.promise import Promise
from app.models.ticket import Ticket
from app.models.words import PromiseKind

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Figures:
    """Promises of one kind that were in force at their moment; ``pending``: not judged yet."""

    kept: int = 0
    broken: int = 0
    pending: int = 0

    @property
    def promised(self) -> int:
        return self.kept + self.broken + self.pending

    def as_json(self) -> dict[str, int]:
        return {"promised": self.promised, **asdict(self)}


def figures(start: datetime, end: datetime, company_id: int | None = None) -> dict[PromiseKind, Figures]:
    """Figures of the promises due in [start, end) that no other took the place of."""
    query = (
        select(Promise.kind, Promise.kept, func.count())
        .where(Promise.due_at >= start, Promise.due_at < end, Promise.superseded_at.is_(None))
        .group_by(Promise.kind, Promise.kept)
    )
    if company_id is not None:
        query = query.join(Ticket, Ticket.id == Promise.ticket_id).where(Ticket.company_id == company_id)
    counts = {(kind, kept): count for kind, kept, count in db.session.execute(query)}
    return {
        kind: Figures(counts.get((kind, True), 0), counts.get((kind, False), 0), counts.get((kind, None), 0))
        for kind in PromiseKind
    }


def edge(text: str, *, is_end: bool = False) -> datetime:
    """A moment with its offset, or a day of the desk's zone: its start, as the end of a span the start of the next."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return durations.parse_moment(text)
    return datetime.combine(day + _DAY if is_end else day, time(), settings().time_zone)


def last_days(days: int, at: datetime) -> tuple[datetime, datetime]:
    """From midnight so many days ago to the coming midnight, in the desk's zone."""
    today = at.astimezone(settings().time_zone).date()
    first = datetime.combine(today - timedelta(days=days), time(), settings().time_zone)
    return first, datetime.combine(today + _DAY, time(), settings().time_zone)
