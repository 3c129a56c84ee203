"""Which escalations page now: nobody watches them, what they tell of is still so, and a new step is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app import escalations, thresholds
from app.extensions import db
from app.models.complaint import Complaint
from app.models.escalation import Escalation
from app.models.page import Page
from app.models.ticket import Ticket
from app.models.words import OF_COMPLAINTS, Cause, Urgency
from app.paging.ladder import Kind, Pace, kind_of, owed
from app.terms import desk_calendar


@dataclass(frozen=True)
class Owed:
    """One step that is owed. ``hidden_from``: whom a complaint or a low rating is about."""

    escalation_id: int
    since: datetime
    step: int
    kind: Kind
    hidden_from: frozenset[int]
    is_unconfirmed: bool


def is_wanted(at: datetime) -> ColumnElement[bool]:
    """As a condition for escalations joined with their requests: somebody must still hear of it."""
    is_untaken = and_(Ticket.is_active, Ticket.engineer_id.is_(None))
    holds = or_(
        Escalation.cause.not_in((Cause.URGENT_UNTAKEN, Cause.NEAR, Cause.MISSED)),
        and_(Escalation.cause == Cause.URGENT_UNTAKEN, Ticket.urgency == Urgency.URGENT, is_untaken),
        and_(Escalation.cause == Cause.NEAR, is_untaken),
        and_(Escalation.cause == Cause.MISSED, Ticket.is_active, ~_is_untaken_too(is_untaken)),
    )
    return and_(escalations.unwatched(at), holds)


def _is_untaken_too(is_untaken: ColumnElement[bool]) -> ColumnElement[bool]:
    """Urgent, and before the manager because nobody has taken it: that it is late then is no other news."""
    other = aliased(Escalation)
    standing = exists().where(
        other.ticket_id == Escalation.ticket_id, other.cause == Cause.URGENT_UNTAKEN, other.resolved_at.is_(None)
    )
    return and_(standing, is_untaken, Ticket.urgency == Urgency.URGENT)


def steps(at: datetime) -> list[Owed]:
    """The steps that are owed now and were not made: of each escalation the latest one alone."""
    since = func.coalesce(Escalation.watched_until, Escalation.opened_at)
    made = (
        select(func.max(Page.step))
        .where(Page.escalation_id == Escalation.id, Page.since == since)
        .correlate(Escalation)
        .scalar_subquery()
    )
    query = (
        select(
            Escalation.id,
            Escalation.cause,
            Escalation.subject,
            Escalation.about_id,
            since.label("since"),
            made.label("made"),
            Ticket.urgency,
            Ticket.engineer_id,
            Ticket.is_address_confirmed,
            _is_called_by_nobody_known().label("is_strange"),
        )
        .outerjoin(Ticket, Ticket.id == Escalation.ticket_id)
        .where(is_wanted(at))
        .order_by(Escalation.opened_at, Escalation.id)
    )
    pace = _pace()
    found = [(row, _step(row, at, pace)) for row in db.session.execute(query)]
    return [_owed(row, step) for row, step in found if step is not None and (row.made is None or step > row.made)]


def _is_called_by_nobody_known() -> ColumnElement[bool]:
    """The head was called, and none of those who called proved who they are: a number or a phone proves nothing."""
    calls = exists().where(Complaint.escalation_id == Escalation.id)
    return and_(
        Escalation.cause == Cause.HEAD_CALLED,
        calls.where(Complaint.is_confirmed.is_(False)),
        ~calls.where(Complaint.is_confirmed.is_(True)),
    )


def _pace() -> Pace:
    own = thresholds.current()
    return Pace(own.page_next_after, own.page_all_after, own.page_again_every)


def _kind(row: Any) -> Kind:
    is_urgent = row.urgency is Urgency.URGENT
    has_engineer = row.engineer_id is not None
    waits = thresholds.current().page_complaints == "day"
    return kind_of(row.cause, row.subject, is_urgent=is_urgent, has_engineer=has_engineer, complaints_wait=waits)


def _step(row: Any, at: datetime, pace: Pace) -> int | None:
    kind, start = _kind(row), row.since
    if kind is Kind.DAY:
        if row.made is not None:
            return None
        start = max(start, desk_calendar().next_opening(start))
    return owed(kind, start, at, pace)


def _owed(row: Any, step: int) -> Owed:
    hidden = {row.about_id, row.engineer_id if row.cause in OF_COMPLAINTS else None}
    is_urgency = row.cause in {Cause.URGENT_UNTAKEN, Cause.MISSED} and row.urgency is Urgency.URGENT
    return Owed(
        row.id,
        row.since,
        step,
        _kind(row),
        frozenset(one for one in hidden if one is not None),
        (is_urgency and not row.is_address_confirmed) or bool(row.is_strange),
    )
