"""Notes, in the same transaction, whose words changed: searching learns of each change and filing waits for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from app import outbox
from app.extensions import Base, db
from app.models.company import Company
from app.models.message import Attachment, Message
from app.models.person import Person
from app.models.search import SearchMark
from app.models.ticket import Ticket

SEARCH = "search"
_CHANGED = "search marks"
_TICKETS, _COMPANIES, _PEOPLE = "tickets", "companies", "people"
_WATCHED: dict[type[Base], tuple[str, ...]] = {
    Ticket: (
        *("title", "what", "whose", "where", "links", "company_name", "person_id", "company_id"),
        *("applicant_name", "applicant_email", "applicant_phone"),
    ),
    Message: ("text", "recalled_at"),
    Attachment: ("name",),
    Company: ("name",),
    Person: ("name", "email", "phone"),
}


def mark(ticket_ids: Iterable[int]) -> None:
    """Have the words of these requests written anew; for rows that are changed by an UPDATE of many."""
    _noted(db.session())[_TICKETS].update(ticket_ids)


def mark_all(beyond: int = 0) -> None:
    """Have the words of every request with an id beyond that written anew."""
    every = select(Ticket.id).where(Ticket.id > beyond).order_by(Ticket.id)
    db.session.execute(insert(SearchMark).from_select(["ticket_id"], every))
    outbox.ring(SEARCH)


@event.listens_for(db.session, "after_flush")
def _after_flush(session: Session, _context: UOWTransaction) -> None:
    for row in session.new:
        if isinstance(row, Ticket):
            _noted(session)[_TICKETS].add(row.id)
        elif isinstance(row, Message | Attachment):
            _noted(session)[_TICKETS].add(row.ticket_id)
    for row in session.dirty:
        names = _WATCHED.get(type(row))
        if names and _has_changed(row, names):
            kind = _COMPANIES if isinstance(row, Company) else _PEOPLE if isinstance(row, Person) else _TICKETS
            _noted(session)[kind].add(row.ticket_id if isinstance(row, Message | Attachment) else row.id)


@event.listens_for(db.session, "before_commit")
def _before_commit(session: Session) -> None:
    session.flush()
    noted: dict[str, set[int]] | None = session.info.pop(_CHANGED, None)
    if noted is None:
        return
    if noted[_TICKETS]:
        session.execute(insert(SearchMark), [{"ticket_id": ticket_id} for ticket_id in sorted(noted[_TICKETS])])
    for owner, ids in ((Ticket.company_id, noted[_COMPANIES]), (Ticket.person_id, noted[_PEOPLE])):
        if ids:
            theirs = select(Ticket.id).where(owner.in_(ids))
            session.execute(insert(SearchMark).from_select(["ticket_id"], theirs))
    outbox.ring(SEARCH)


@event.listens_for(db.session, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(_CHANGED, None)


def _noted(session: Session) -> dict[str, set[int]]:
    noted: dict[str, set[int]] = session.info.setdefault(_CHANGED, {_TICKETS: set(), _COMPANIES: set(), _PEOPLE: set()})
    return noted


def _has_changed(row: Any, names: Iterable[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in names)
