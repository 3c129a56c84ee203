"""The sweep: what is due now by time, request by request, all of it from SQL."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from app import calendar_watch, database, duty_watch, escalations, heartbeats, outbox, passing, store_watch
from app.actor import SYSTEM
from app.clock import now
from app.errors import IllegalMove
from app.extensions import db
from app.models.delivery import UNDELIVERED_AFTER, Delivery
from app.models.running import Sweep
from app.models.ticket import Ticket
from app.models.words import UNSETTLED, Cause, DeliveryChannel, DeliveryState, PromiseKind, State
from app.tickets import close, closing, promising, waiting, work
from app.tickets.alarm import Alarm, due_alarms, set_alarm
from app.translate import _
from app.troubles import Trouble

log = logging.getLogger(__name__)

NAME = "deadlines"
AFTER = "deadlines after a jump"
BATCH = 500
MOST_CLOSINGS = 20  # more in one sweep want the manager's word
JUMP = timedelta(minutes=10)  # no sweep for longer: the clock jumped, or the desk stood still
AFTER_JUMP = timedelta(hours=1)  # closings wait that long then, so that letters and people come first
LATER = timedelta(minutes=1)
WORD_HOLDS = timedelta(hours=1)  # the manager's word is for those that wait, not for the next crowd


def sweep() -> int:
    """Do all that is due now and return how many requests were touched; safe to run twice at once.

    One that fails holds up no other; what was wrong with it is raised once all have had their turn.
    """
    moment = now()
    room = _room_for_closings(moment)
    with database.reading():
        ids = _due_ids(moment)
        db.session.rollback()
    touched, is_crowded, trouble = _visit_all(ids, moment, room)
    if is_crowded and not _is_held(moment):
        text = _(
            "За один проход закрылось %(count)s заявок. Остальные ждут, пока вы не возьмёте это на контроль.",
            count=MOST_CLOSINGS,
        )
        with outbox.transaction():
            escalations.report_system(Trouble.CLOSINGS, text, moment)
    _settle_crowd(moment)
    passing.settle_all(moment)
    calendar_watch.watch(moment)
    duty_watch.watch(moment)
    if moment >= _closings_wait_until():  # after a jump of the clock new files would look old
        store_watch.watch(moment)
    _note_end(moment, touched)
    if trouble is not None:
        raise trouble
    return touched


def _visit_all(ids: Sequence[int], moment: datetime, room: int) -> tuple[int, bool, Exception | None]:
    """How many were touched, whether there was no room to close one, and what was wrong with the last that failed."""
    touched, is_crowded = 0, False
    trouble: Exception | None = None
    for ticket_id in ids:
        try:
            with outbox.transaction():
                closed = visit(ticket_id, moment, may_close=room > 0)
            touched, room = touched + 1, room - bool(closed)
            is_crowded = is_crowded or closed is None
        except IllegalMove:
            log.info("request %s was changed by somebody else; the next sweep looks again", ticket_id)
        except (OperationalError, InterfaceError):  # the database's trouble, no request's
            raise
        except Exception as error:
            log.exception("request %s could not be seen to", ticket_id)
            trouble = error
    return touched, is_crowded, trouble


def _room_for_closings(moment: datetime) -> int:
    """How many requests this sweep may close: none after a jump of the clock, many only with the manager's word."""
    if moment < _note_start(moment) or _is_held(moment):
        return 0
    many = escalations.open_system(Trouble.CLOSINGS)
    has_word = many is not None and many.acknowledged_at is not None and moment < many.acknowledged_at + WORD_HOLDS
    return BATCH if has_word else MOST_CLOSINGS


def _settle_crowd(moment: datetime) -> None:
    """The manager's word is used up when nothing waits for it any more: what waits comes again by and by."""
    many = escalations.open_system(Trouble.CLOSINGS)
    if many is None or many.acknowledged_at is None:
        return
    waits = select(Ticket.id).where(Ticket.state == State.SOLVED, Ticket.close_at <= many.acknowledged_at).limit(1)
    if moment >= many.acknowledged_at + WORD_HOLDS or db.session.scalar(waits) is None:
        with outbox.transaction():
            escalations.settle_system(Trouble.CLOSINGS, moment)


def _is_held(moment: datetime) -> bool:
    """Whether closings wait: for the manager's word, or for the hour after a jump to pass."""
    many = escalations.open_system(Trouble.CLOSINGS)
    return (many is not None and many.acknowledged_at is None) or moment < _closings_wait_until()


def _due_ids(moment: datetime) -> list[int]:
    due = select(Ticket.id).where(Ticket.next_alarm_at <= moment).order_by(Ticket.next_alarm_at).limit(BATCH)
    poked = select(Ticket.id).where(Ticket.poked_at.is_not(None)).limit(BATCH)
    return list(dict.fromkeys([*db.session.scalars(poked), *db.session.scalars(due)]))


def visit(ticket_id: int, moment: datetime, *, may_close: bool) -> bool | None:
    """Everything that is due for one request, in one transaction; True: it was closed, None: it may not be yet."""
    ticket = db.session.get(Ticket, ticket_id, populate_existing=True, with_for_update=True)
    if ticket is None:
        return False
    if ticket.poked_at is not None:
        _after_notices(ticket, moment)
    for alarm in due_alarms(ticket, moment):
        if alarm is Alarm.CLOSE:
            return _close(ticket, moment, may_close=may_close)
        _fire(ticket, alarm, moment)
    return False


def _after_notices(ticket: Ticket, moment: datetime) -> None:
    """Notices of this request were accepted or came back."""
    db.session.execute(
        update(Ticket).where(Ticket.id == ticket.id, Ticket.poked_at == ticket.poked_at).values(poked_at=None),
        execution_options={"synchronize_session": False},
    )
    closing.settle(ticket)
    is_given_up = Delivery.state.in_((DeliveryState.FAILED, DeliveryState.BOUNCED))
    is_long_tried = and_(
        Delivery.state.in_(UNSETTLED),
        Delivery.attempts > 0,
        Delivery.created_at <= moment - UNDELIVERED_AFTER,
    )
    undelivered = select(Delivery).where(
        Delivery.ticket_id == ticket.id,
        or_(is_given_up, is_long_tried),
        Delivery.is_for_customer.is_(True),
        Delivery.is_escalated.is_(False),
    )
    for delivery in db.session.scalars(undelivered).all():
        delivery.is_escalated = True
        whither = "Telegram" if delivery.channel is DeliveryChannel.TELEGRAM else delivery.recipient
        text = f"{whither}: {delivery.error}"[:500]
        escalations.escalate(ticket, Cause.UNDELIVERED, SYSTEM, moment, text)


def _fire(ticket: Ticket, alarm: Alarm, moment: datetime) -> None:
    match alarm:
        case Alarm.TAKE:
            set_alarm(ticket, alarm, None)
            if ticket.is_active and ticket.is_urgent and ticket.engineer_id is None:
                escalations.escalate(ticket, Cause.URGENT_UNTAKEN, SYSTEM, moment)
        case Alarm.NEAR:
            set_alarm(ticket, alarm, None)
            if ticket.is_active and promising.warn(ticket, moment):
                escalations.escalate(ticket, Cause.NEAR, SYSTEM, moment)
        case Alarm.DUE | Alarm.REACT:
            set_alarm(ticket, alarm, None)
            kind = PromiseKind.SOLUTION if alarm is Alarm.DUE else PromiseKind.REACTION
            if ticket.is_active and promising.miss(ticket, kind, moment):
                escalations.escalate(ticket, Cause.MISSED, SYSTEM, moment, kind.value)
        case Alarm.LOOK:
            work.look_again(ticket, moment)
        case Alarm.REMIND:
            waiting.remind(ticket, moment)
        case Alarm.NOTICE:
            closing.remind(ticket, moment)


def _close(ticket: Ticket, moment: datetime, *, may_close: bool) -> bool | None:
    if ticket.state is not State.SOLVED or ticket.close_at is None:
        set_alarm(ticket, Alarm.CLOSE, None)
        return False
    reason = closing.hindrance(ticket, moment) if may_close else "too many at once, or the clock jumped"
    if reason is not None:
        log.info("request %s stays open: %s", ticket.number, reason)
        set_alarm(ticket, Alarm.CLOSE, moment + LATER)  # at the back of the line, so that it holds up nothing
        return False if may_close else None
    close(ticket, moment)
    return True


def _note_start(moment: datetime) -> datetime:
    """Look at when the last sweep ended; returns from when requests may be closed."""
    with outbox.transaction():
        last = db.session.get(Sweep, NAME, populate_existing=True)
        if last is not None and moment - last.ended_at > JUMP:
            heartbeats.job_ended(AFTER, moment)
            silence = _(
                "Проверка сроков не шла с %(since)s UTC. Закрытие заявок отложено на час.",
                since=f"{last.ended_at:%d.%m %H:%M}",
            )
            escalations.report_system(Trouble.SWEEP, silence, moment)
    return _closings_wait_until()


def _closings_wait_until() -> datetime:
    jump = db.session.get(Sweep, AFTER, populate_existing=True)
    return jump.ended_at + AFTER_JUMP if jump else datetime.min.replace(tzinfo=UTC)


def _note_end(moment: datetime, touched: int) -> None:
    with outbox.transaction():
        heartbeats.job_ended(NAME, moment, touched)
