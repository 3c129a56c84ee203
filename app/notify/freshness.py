"""Notices that time has overtaken: a reminder after the answer, an alarm after the solution."""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.models.event import Event
from app.models.ticket import Ticket
from app.models.words import Cause, EventKind, Holder, State
from app.notify.facts import Facts


def is_stale(facts: Facts) -> bool:
    """Whether this letter would now say what is no longer so. Numbers, answers and thanks never grow stale."""
    ticket, notice = facts.ticket, facts.delivery.notice
    match notice:
        case "reminded":
            return ticket.state is not State.WAITING
        case "closing":
            return ticket.state is not State.SOLVED or ticket.close_at is None or ticket.close_at <= facts.at
        case "taken" | "moved" | "reopened" | "answered" | "near" | "missed":
            return not ticket.is_active
        case "assigned":
            return not ticket.is_active or not _is_assignees(facts)
        case "look_again":
            return not ticket.is_active or ticket.holder is not Holder.THIRD_PARTY
        case "merged" | "unmerged":
            return _is_merged(facts) != (notice == "merged")
        case "closed":
            return ticket.state is not State.CLOSED
        case "urgent" | Cause.URGENT_UNTAKEN:
            return not ticket.is_active or (ticket.engineer_id is not None and not _is_assignees(facts))
        case "solved":
            return ticket.is_active and _is_reopened_since(facts)
    return False


def _is_assignees(facts: Facts) -> bool:
    engineer = facts.engineer
    return engineer is not None and (
        engineer.email.lower() == facts.delivery.recipient or engineer.id == facts.reader_id
    )


def _is_merged(facts: Facts) -> bool:
    """Whether the two requests that this event tells of are one now."""
    number = facts.event.data.get("joined", facts.ticket.number)
    return db.session.scalar(select(Ticket.merged_into_id).where(Ticket.number == number)) is not None


def _is_reopened_since(facts: Facts) -> bool:
    query = select(Event.id).where(
        Event.ticket_id == facts.ticket.id, Event.kind == EventKind.REOPENED, Event.id > facts.event.id
    )
    return db.session.scalar(query.limit(1)) is not None
