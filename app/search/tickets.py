"""Conditions over requests: the views of the queue, and what somebody typed into a search field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_

from app import numbers, phones
from app.models.ticket import Ticket
from app.models.words import State, Urgency

Condition = ColumnElement[bool]


def overdue(at: datetime) -> Condition:
    """Active, past the deadline, and the clock not stopped before it by a question to the customer."""
    is_running = or_(Ticket.paused_at.is_(None), Ticket.paused_at > Ticket.due_at, Ticket.urgency == Urgency.URGENT)
    return and_(Ticket.is_active.is_(True), Ticket.due_at < at, is_running)


VIEWS: dict[str, Callable[[int | None, datetime], Condition]] = {
    "mine": lambda staff_id, _: (
        and_(Ticket.is_active.is_(True), Ticket.engineer_id == staff_id) if staff_id else false()
    ),
    "unassigned": lambda _, __: and_(Ticket.is_active.is_(True), Ticket.engineer_id.is_(None)),
    "urgent": lambda _, __: and_(Ticket.is_active.is_(True), Ticket.urgency == Urgency.URGENT),
    "overdue": lambda _, at: overdue(at),
    "waiting": lambda _, __: and_(Ticket.is_active.is_(True), Ticket.state == State.WAITING),
    "open": lambda _, __: Ticket.is_active.is_(True),
    "solved": lambda _, __: Ticket.state == State.SOLVED,
}


def in_view(view: str, staff_id: int | None, at: datetime) -> Condition:
    """The requests of a view of the queue; ``staff_id``: whose «mine» it is."""
    return VIEWS[view](staff_id, at)


def typed(words: str) -> Condition:
    """Number, e-mail or phone exactly, in any spelling; else text as it stands in title, text, company or name."""
    words = words.strip()
    number = numbers.normalise(words)
    if numbers.is_valid(number):
        return Ticket.number == number
    if "@" in words and " " not in words:
        return Ticket.applicant_email == words.lower()
    if sum(char.isdigit() for char in words) >= 10 and (phone := phones.e164(words)):
        return Ticket.applicant_phone == phone
    fields = (Ticket.title, Ticket.what, Ticket.company_name, Ticket.applicant_name)
    # SQLite folds the case of Latin letters alone.
    spellings = dict.fromkeys((words, words.lower(), words.capitalize(), words.upper()))
    return or_(*(field.icontains(spelling, autoescape=True) for field in fields for spelling in spellings))
