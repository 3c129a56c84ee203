"""Verbs of escalations: escalate, acknowledge, resolve. One open escalation per request and cause."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import outbox
from app.actor import SYSTEM, Actor
from app.errors import IntakeRejected
from app.extensions import db, insert_into
from app.models.escalation import Escalation
from app.models.ticket import Ticket
from app.models.words import Cause, EventKind


def escalate(ticket: Ticket, cause: Cause, by: Actor, at: datetime, text: str = "") -> bool:
    """Put a request before the manager; open already for this cause: nothing happens (False)."""
    if not _open({"ticket_id": ticket.id, "cause": cause, "text": text, "opened_at": at}):
        return False
    outbox.record(ticket, EventKind.ESCALATED, by, at, cause=cause.value, text=text)
    outbox.changed(outbox.ESCALATIONS_TOPIC)
    return True


def report_system(subject: str, text: str, at: datetime) -> bool:
    """Put a trouble of the desk itself before the manager, once until it is resolved."""
    is_new = _open({"ticket_id": None, "cause": Cause.SYSTEM, "subject": subject, "text": text, "opened_at": at})
    if is_new:
        outbox.changed(outbox.ESCALATIONS_TOPIC)
    return is_new


def open_system(subject: str) -> Escalation | None:
    """The open trouble of that part of the desk, if there is one."""
    query = select(Escalation).where(
        Escalation.ticket_id.is_(None), Escalation.subject == subject, Escalation.resolved_at.is_(None)
    )
    return db.session.scalars(query).first()


def settle_system(subject: str, at: datetime) -> None:
    """The trouble is over by itself."""
    if escalation := open_system(subject):
        resolve(escalation, "Прошло само.", SYSTEM, at)


def acknowledge(escalation: Escalation, note: str, by: Actor, at: datetime) -> None:
    """The manager takes charge ("беру на контроль"); taken already: nothing happens."""
    if escalation.acknowledged_at is not None:
        return
    escalation.acknowledged_at, escalation.acknowledged_by_id = at, by.staff_id
    escalation.note = note.strip()[:5000]
    outbox.changed(outbox.ESCALATIONS_TOPIC)
    if ticket := _ticket_of(escalation):
        outbox.record(ticket, EventKind.ACKNOWLEDGED, by, at, cause=escalation.cause.value, note=escalation.note)


def resolve(escalation: Escalation, outcome: str, by: Actor, at: datetime) -> None:
    """Done, with one line for the log."""
    if escalation.resolved_at is not None:
        return
    if not outcome.strip():
        raise IntakeRejected({"resolution": "Напишите одной строкой, чем кончилось."})
    if escalation.acknowledged_at is None and by.is_staff:
        acknowledge(escalation, "", by, at)
    escalation.resolved_at, escalation.resolution = at, outcome.strip()[:5000]
    outbox.changed(outbox.ESCALATIONS_TOPIC)


def _open(values: dict[str, object]) -> bool:
    # Insert-or-ignore on the partial unique index: two sweeps and a customer at once open one row.
    row = {"subject": "", "note": "", "resolution": "", **values}
    made = db.session.execute(insert_into(Escalation).values(row).on_conflict_do_nothing().returning(Escalation.id))
    return made.first() is not None


def _ticket_of(escalation: Escalation) -> Ticket | None:
    return db.session.get(Ticket, escalation.ticket_id) if escalation.ticket_id else None
