"""Verbs that state a new deadline: urgency, a moved deadline, the company found or corrected."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale

from app import outbox, wordings
from app.actor import Actor
from app.errors import IllegalMove, IntakeRejected
from app.models.company import Company
from app.models.ticket import Ticket
from app.models.words import EventKind, Urgency
from app.terms import terms_of
from app.tickets import promising
from app.tickets.alarm import Alarm, set_alarm
from app.tickets.moves import Move, after
from app.translate import _

FARTHEST = timedelta(days=3653)  # that a deadline or a reminder may lie ahead: beyond it a year was mistyped


def set_urgency(
    ticket: Ticket, urgency: Urgency, by: Actor, at: datetime, *, heard_from: datetime | None = None
) -> None:
    """Declare a request urgent (anyone, always) or standard again; the same again: nothing happens.

    ``heard_from``: before then nobody is told, so that it can be undone unheard.
    """
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
    outbox.record(ticket, EventKind.URGENT, by, at, drain_at=heard_from, urgency=urgency.value)


def move_deadline(ticket: Ticket, due_at: datetime, reason: str, by: Actor, at: datetime) -> None:
    """An engineer moves the deadline, with a reason that the customer and the manager read."""
    after(ticket, Move.PROMISE)
    _check(due_at, reason, at)
    if due_at == ticket.due_at:
        return
    _move(ticket, due_at, reason.strip(), by, at)


def call_impossible(ticket: Ticket, due_at: datetime, reason: str, by: Actor, at: datetime) -> None:
    """The other end of an urgent request: it cannot be solved in the hours agreed, for this reason, but by then."""
    after(ticket, Move.PROMISE)
    if not ticket.is_urgent:
        raise IllegalMove(_("Заявка %(number)s не срочная: перенесите срок, написав причину.", number=ticket.number))
    _check(due_at, reason, at)
    agreed = terms_of(ticket, at).urgent_solve
    with force_locale(ticket.language):
        time = wordings.current().work_amount(agreed, round_the_clock=True)
        words = _("Технически невозможно за %(time)s. %(reason)s", time=time, reason=reason.strip())
    _move(ticket, due_at, words, by, at, is_impossible=True)


def _check(due_at: datetime, reason: str, at: datetime) -> None:
    errors = {}
    if not reason.strip():
        errors["reason"] = "Напишите причину: её прочитают клиент и руководитель."
    if due_at <= at:
        errors["due"] = "Новый срок уже прошёл. Укажите будущее время."
    elif due_at - at > FARTHEST:
        errors["due"] = "Новый срок дальше десяти лет. Проверьте год."
    if errors:
        raise IntakeRejected(errors)


def _move(
    ticket: Ticket, due_at: datetime, reason: str, by: Actor, at: datetime, *, is_impossible: bool = False
) -> None:
    before = ticket.due_at.isoformat() if ticket.due_at else None
    promising.move(ticket, due_at, reason, at)
    data: dict[str, Any] = {"reason": reason, "before": before, "due_at": due_at.isoformat()}
    if is_impossible:
        data["impossible"] = True
    outbox.record(ticket, EventKind.MOVED, by, at, **data)


def identify(ticket: Ticket, company: Company | None, by: Actor, at: datetime, *, is_confirmed: bool = True) -> None:
    """Set or correct the company; a deadline that was given never gets later by this."""
    after(ticket, Move.PROMISE)
    is_same = ticket.company_id == (company.id if company else None)
    if is_same and ticket.is_company_confirmed == is_confirmed:
        return
    ticket.company_id = company.id if company else None
    ticket.company_name = company.name if company else ticket.company_name
    ticket.is_company_confirmed = is_confirmed
    if not is_same:
        promising.apply_terms(ticket, at)
    outbox.record(ticket, EventKind.IDENTIFIED, by, at, company=company.name if company else None)
