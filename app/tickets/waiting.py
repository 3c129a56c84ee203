"""Silence of a customer who was asked: reminders after two and five working days, back to the engineer after ten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import outbox
from app.actor import SYSTEM
from app.extensions import db
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import EventKind, MessageKind, State
from app.terms import calendar_named, terms_of
from app.tickets.alarm import Alarm, set_alarm

STEPS = (2, 5, 10)  # working days since the question; the last returns the request to the engineer's list


def set_reminder(ticket: Ticket, asked_at: datetime, step: int) -> None:
    """Set the alarm of a step (0, 1, 2), reckoned from the question."""
    terms = terms_of(ticket, asked_at)
    at = working_days_later(terms.calendar.name, asked_at, STEPS[step])
    set_alarm(ticket, Alarm.REMIND, at)


def clear_reminder(ticket: Ticket) -> None:
    set_alarm(ticket, Alarm.REMIND, None)


def remind(ticket: Ticket, at: datetime) -> None:
    """The reminder's alarm has come: remind the customer, or give the request back to the engineer's list."""
    if ticket.state is not State.WAITING or ticket.paused_at is None:
        clear_reminder(ticket)
        return
    asked_at = _asked_at(ticket)
    step = _step_now(ticket, asked_at, at)
    if step == len(STEPS) - 1:
        clear_reminder(ticket)
        ticket.answered_at = at
        outbox.record(ticket, EventKind.RETURNED, SYSTEM, at, working_days=STEPS[step])
        return
    set_reminder(ticket, asked_at, step + 1)
    outbox.record(ticket, EventKind.REMINDED, SYSTEM, at, about="question", working_days=STEPS[step])


def working_days_later(calendar: str, at: datetime, days: int) -> datetime:
    """The same time of day that many working days later, in the calendar's zone."""
    work_calendar = calendar_named(calendar)
    local = at.astimezone(work_calendar.zone)
    day = local.date()
    while days:
        day += timedelta(days=1)
        days -= bool(work_calendar.opening_hours_on(day))
    return local.replace(year=day.year, month=day.month, day=day.day).astimezone(at.tzinfo)


def _asked_at(ticket: Ticket) -> datetime:
    """When the last question went to the customer; every new question starts the steps anew."""
    query = select(func.max(Message.at)).where(
        Message.ticket_id == ticket.id, Message.kind == MessageKind.QUESTION, Message.recalled_at.is_(None)
    )
    return db.session.scalar(query) or ticket.paused_at or ticket.created_at


def _step_now(ticket: Ticket, asked_at: datetime, at: datetime) -> int:
    calendar = terms_of(ticket, asked_at).calendar.name
    reached = [step for step, days in enumerate(STEPS) if working_days_later(calendar, asked_at, days) <= at]
    return reached[-1] if reached else 0
