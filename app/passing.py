"""Settles escalations whose trouble is over by itself: taken, answered, solved, rated better, delivered after all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app import database, escalations, outbox
from app.actor import SYSTEM
from app.extensions import db
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.promise import Promise
from app.models.rating import LOW
from app.models.ticket import STANDS_STILL, Ticket
from app.models.words import Cause, DeliveryState, PromiseKind, Urgency
from app.translate import _

_MOST = 500


def settle_all(at: datetime) -> int:
    """Settle whatever has passed, in a transaction of its own; returns how many. Nothing passed: nothing is written."""
    with database.reading():
        found = db.session.scalar(select(exists(_passed(at).with_only_columns(Escalation.id))))
        db.session.rollback()
    if not found:
        return 0
    with outbox.transaction():
        return settle(at)


def settle(at: datetime, ticket_id: int | None = None) -> int:
    """Settle what has passed, of one request or of all, in the caller's transaction."""
    query = _passed(at).with_for_update(of=Escalation, skip_locked=True).limit(_MOST)
    if ticket_id is not None:
        query = query.where(Escalation.ticket_id == ticket_id)
    rows = db.session.execute(query, execution_options={"populate_existing": True}).all()
    for one, is_active in rows:
        escalations.resolve(one, _words(one, is_active=is_active), SYSTEM, at)
    db.session.flush()
    return len(rows)


def _passed(at: datetime) -> Select[Escalation, bool]:
    """Open escalations of requests, with whether the request is still active."""
    over = [
        (Cause.URGENT_UNTAKEN, or_(_IS_DONE, Ticket.engineer_id.is_not(None), Ticket.urgency == Urgency.NORMAL)),
        (Cause.NEAR, or_(_IS_DONE, STANDS_STILL, _has_another_promise(), Ticket.due_at < at)),
        (Cause.MISSED, or_(_IS_DONE, and_(Escalation.text == PromiseKind.REACTION, Ticket.reacted_at.is_not(None)))),
        (Cause.LOW_RATING, Ticket.rating > LOW),
        (Cause.UNREADABLE, _IS_DONE),
        (Cause.UNDELIVERED, ~_is_undelivered()),
    ]
    conditions = [and_(Escalation.cause == cause, condition) for cause, condition in over]
    return (
        select(Escalation, Ticket.is_active)
        .join(Ticket, Ticket.id == Escalation.ticket_id)
        .where(Escalation.resolved_at.is_(None), or_(*conditions))
        .order_by(Escalation.id)
    )


def _has_another_promise() -> ColumnElement[bool]:
    """The solution promise in force was never warned of: the one that was near was moved, or its clock stood still."""
    return exists().where(
        Promise.ticket_id == Ticket.id,
        Promise.kind == PromiseKind.SOLUTION,
        Promise.superseded_at.is_(None),
        Promise.warned_at.is_(None),
    )


def _is_undelivered() -> ColumnElement[bool]:
    """A notice that came before the manager has still not arrived."""
    return exists().where(
        Delivery.ticket_id == Ticket.id,
        Delivery.is_for_customer.is_(True),
        Delivery.is_escalated.is_(True),
        Delivery.state != DeliveryState.ACCEPTED,
    )


def _words(one: Escalation, *, is_active: bool) -> str:
    if not is_active and one.cause in {Cause.URGENT_UNTAKEN, Cause.NEAR, Cause.MISSED, Cause.UNREADABLE}:
        return _("Прошло само: заявка решена.")
    return {
        Cause.URGENT_UNTAKEN: _("Прошло само: заявку взяли, или она больше не срочная."),
        Cause.NEAR: _("Прошло само: срок на паузе, перенесён или уже прошёл."),
        Cause.MISSED: _("Прошло само: клиенту ответили."),
        Cause.LOW_RATING: _("Прошло само: клиент изменил оценку."),
        Cause.UNREADABLE: _("Прошло само: заявка решена."),
        Cause.UNDELIVERED: _("Прошло само: уведомление дошло."),
    }[one.cause]


_IS_DONE = Ticket.is_active.is_(False)
