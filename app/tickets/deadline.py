"""Verbs that state a new deadline: urgency, a moved deadline, the company found or corrected."""

from __future__ import annotations

from datetime import datetime

from app import outbox
from app.actor import Actor
from app.errors import IntakeRejected
from app.models.company import Company
from app.models.ticket import Ticket
from app.models.words import EventKind, Urgency
from app.tickets import promising
from app.tickets.alarm import Alarm, set_alarm
from app.tickets.moves import Move, after


def set_urgency(ticket: Ticket, urgency: Urgency, by: Actor, at: datetime) -> None:
    """Declare a request urgent (anyone, always) or standard again; the same again: nothing happens."""
    after(ticket, Move.PROMISE)
    if ticket.urgency is urgency:
        return
    ticket.urgency = urgency
    if urgency is Urgency.URGENT:
        promising.declare_urgent(ticket, at)
        promising.want_name(ticket, at)
    else:
        set_alarm(ticket, Alarm.TAKE, None)
        promising.declare_standard(ticket, at)
    outbox.record(ticket, EventKind.URGENT, by, at, urgency=urgency.value)


def move_deadline(ticket: Ticket, due_at: datetime, reason: str, by: Actor, at: datetime) -> None:
    """An engineer moves the deadline, with a reason that the customer and the manager read."""
    after(ticket, Move.PROMISE)
    if not reason.strip():
        raise IntakeRejected({"reason": "Напишите причину: её прочитают клиент и руководитель."})
    if due_at <= at:
        raise IntakeRejected({"due": "Новый срок уже прошёл. Укажите будущее время."})
    if due_at == ticket.due_at:
        return
    before = ticket.due_at
    promising.move(ticket, due_at, reason.strip(), at)
    outbox.record(
        ticket, EventKind.MOVED, by, at, reason=reason.strip(), before=before.isoformat() if before else None,
        due_at=due_at.isoformat(),
    )  # fmt: skip


def identify(ticket: Ticket, company: Company | None, by: Actor, at: datetime, *, is_confirmed: bool = True) -> None:
    """Set or correct the company; a deadline that was given never gets later by this."""
    after(ticket, Move.PROMISE)
    if ticket.company_id == (company.id if company else None) and ticket.is_company_confirmed == is_confirmed:
        return
    is_same = ticket.company_id == (company.id if company else None)
    ticket.company_id = company.id if company else None
    ticket.company_name = company.name if company else ticket.company_name
    ticket.is_company_confirmed = is_confirmed
    if not is_same:
        promising.apply_terms(ticket, at)
    outbox.record(ticket, EventKind.IDENTIFIED, by, at, company=company.name if company else None)
