"""When a solved request closes by itself: silence reckoned from the solution's arrival, never from the click."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from app import outbox, signing
from app.actor import SYSTEM, Actor
from app.closing_moment import printed_moment
from app.config import settings
from app.extensions import db
from app.models.chat import BotUpdate
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.letter import Letter, Mailbox
from app.models.message import Message
from app.models.running import Sweep
from app.models.ticket import Ticket
from app.models.words import ActorKind, DeliveryChannel, DeliveryState, EventKind, MessageKind, State
from app.terms import terms_of
from app.tickets.admit import OUT_OF_SIGHT
from app.tickets.alarm import Alarm, set_alarm

_DAY = timedelta(days=1)
TELEGRAM_ROAD = "telegram road"  # the row that says when Telegram last answered


def settle(ticket: Ticket) -> None:
    """Set the moment of closing once the first solution notice was accepted; take it away if all came back."""
    if ticket.state is not State.SOLVED:
        return
    accepted = _accepted_notice(ticket)
    if accepted is None:
        ticket.close_at = None
        set_alarm(ticket, Alarm.CLOSE, None)
        set_alarm(ticket, Alarm.NOTICE, None)
        return
    if ticket.close_at is not None:
        return
    accepted_at, printed_at = accepted
    ticket.close_at = max(printed_at or accepted_at, accepted_at + settings().auto_close_after)
    set_alarm(ticket, Alarm.CLOSE, ticket.close_at)
    set_alarm(ticket, Alarm.NOTICE, _notice_at(ticket, accepted_at))


def told_by_phone(ticket: Ticket, by: Actor, at: datetime) -> None:
    """A notice of its own: told by a person, accepted on the spot."""
    event = outbox.record(ticket, EventKind.TOLD, by, at)
    db.session.flush()
    delivery = Delivery(
        event_id=event.id,
        ticket_id=ticket.id,
        notice="solved",
        channel=DeliveryChannel.PHONE,
        recipient=ticket.applicant_phone or ticket.applicant_name or "телефон",
        state=DeliveryState.ACCEPTED,
        message_id=signing.message_id(ticket.number, f"{event.id}0"),
        created_at=at,
        attempts=1,
        tried_at=at,
        accepted_at=at,
        closing_at=printed_moment(at),
    )
    db.session.add(delivery)
    db.session.flush()
    settle(ticket)


def remind(ticket: Ticket, at: datetime) -> None:
    """One day before closing: say so, once."""
    set_alarm(ticket, Alarm.NOTICE, None)
    if ticket.state is State.SOLVED and ticket.close_at and ticket.close_at > at:
        outbox.record(ticket, EventKind.REMINDED, SYSTEM, at, about="closing")


def hindrance(ticket: Ticket, at: datetime) -> str | None:
    """Why a due request may not close yet: an unfiled letter, or a mailbox not read since. None: it may."""
    assert ticket.close_at is not None
    unfiled = select(Letter.id).where(Letter.file_at.is_not(None), Letter.received_at <= at).limit(1)
    if db.session.scalar(unfiled) is not None:
        return "unfiled letter"
    if settings().imap_url:
        unread = select(func.count()).where(Mailbox.reading_began_at > ticket.close_at)
        if (db.session.scalar(unread) or 0) < len(settings().imap_url):
            return "mailbox not read since"
    return _hindrance_in_telegram(ticket, at)


def _hindrance_in_telegram(ticket: Ticket, at: datetime) -> str | None:
    """The same of chats: an update that waits, or, where the customer was told in one, no word of Telegram since."""
    if not settings().telegram_bot_token:
        return None
    unanswered = select(BotUpdate.id).where(BotUpdate.work_at.is_not(None), BotUpdate.received_at <= at).limit(1)
    if db.session.scalar(unanswered) is not None:
        return "unanswered update"
    told = select(Delivery.id).where(
        Delivery.ticket_id == ticket.id,
        Delivery.channel == DeliveryChannel.TELEGRAM,
        Delivery.notice == "solved",
        Delivery.state == DeliveryState.ACCEPTED,
    )
    if db.session.scalar(told.limit(1)) is None:
        return None
    assert ticket.close_at is not None
    heard = select(Sweep.name).where(Sweep.name == TELEGRAM_ROAD, Sweep.ended_at > ticket.close_at)
    return "Telegram not heard since" if db.session.scalar(heard) is None else None


def _accepted_notice(ticket: Ticket) -> tuple[datetime, datetime | None] | None:
    """Acceptance of the first notice about the solution in force, and the moment of closing that it named."""
    solved = select(func.max(Event.id)).where(Event.ticket_id == ticket.id, Event.kind == EventKind.SOLVED)
    query = (
        select(Delivery.accepted_at, Delivery.closing_at)
        .where(
            Delivery.ticket_id == ticket.id,
            Delivery.notice == "solved",
            Delivery.event_id >= solved.scalar_subquery(),
            Delivery.state == DeliveryState.ACCEPTED,
            Delivery.is_for_customer.is_(True),
            ~_never_had_the_first(ticket),
        )
        .order_by(Delivery.accepted_at)
        .limit(1)
    )
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row and row[0] else None


def _never_had_the_first(ticket: Ticket) -> ColumnElement[bool]:
    """The letter with the number came back from this address, and the customer has not been heard of since.

    A mail server of ours may have taken the solution for the same address: that tells nobody.
    """
    first = aliased(Delivery)
    returned = exists().where(
        first.ticket_id == ticket.id,
        first.notice == "registered",
        first.recipient == Delivery.recipient,
        first.channel == Delivery.channel,
        first.state == DeliveryState.BOUNCED,
    )
    bounced = select(func.max(Event.id)).where(Event.ticket_id == ticket.id, Event.kind == EventKind.BOUNCED)
    said = exists().where(
        Message.id == Event.message_id, Message.kind == MessageKind.ANSWER, Message.visible_at < OUT_OF_SIGHT
    )
    heard = exists().where(
        Event.ticket_id == ticket.id,
        Event.actor_kind == ActorKind.CUSTOMER,
        Event.id > bounced.scalar_subquery(),
        Event.kind.in_((EventKind.REOPENED, EventKind.RATED)) | said,
    )
    return and_(returned, ~heard)


def _notice_at(ticket: Ticket, accepted_at: datetime) -> datetime | None:
    """24 h before closing, moved back into service hours; none within 24 h of the solution letter."""
    assert ticket.close_at is not None
    at = terms_of(ticket, accepted_at).calendar.last_open(ticket.close_at - _DAY)
    return at if at >= accepted_at + _DAY else None
