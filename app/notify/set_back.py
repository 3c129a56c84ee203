"""After the clock was set back: what was tried or made later than now is due at once, not when the clock gets there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from app import clock, database, outbox
from app.extensions import db
from app.models.chat import BotMessage
from app.models.delivery import Delivery
from app.models.event import Event
from app.notify.held import HELD_UNTIL

_AHEAD = timedelta(minutes=5)  # so far no clock of ours is wrong by itself
_LONGEST_LEASE = timedelta(hours=1)  # of a message in a chat; the longest there is has minutes


def mend() -> None:
    """Look, and write only where there is something: hardly ever."""
    at = clock.now()
    for noun, which in ((Event, _events(at)), (Delivery, _deliveries(at)), (BotMessage, _messages(at))):
        with database.reading():
            is_there = db.session.scalar(select(noun.id).where(which).limit(1)) is not None
            db.session.rollback()
        if is_there:
            _make_due(noun, which, at)


def _events(at: datetime) -> ColumnElement[bool]:
    """Of what was done in the wrong time nobody was told yet."""
    ahead = at + _AHEAD
    return and_(Event.drain_at > ahead, Event.drain_at != HELD_UNTIL, Event.at > ahead)


def _deliveries(at: datetime) -> ColumnElement[bool]:
    ahead = at + _AHEAD
    return and_(
        Delivery.next_attempt_at > ahead,
        Delivery.next_attempt_at != HELD_UNTIL,
        or_(Delivery.tried_at > ahead, Delivery.created_at > ahead),
    )


def _messages(at: datetime) -> ColumnElement[bool]:
    is_leased = and_(BotMessage.attempts > 0, BotMessage.error == "", BotMessage.next_attempt_at > at + _LONGEST_LEASE)
    return and_(
        BotMessage.next_attempt_at > at + _AHEAD,
        BotMessage.next_attempt_at != HELD_UNTIL,
        or_(is_leased, BotMessage.created_at > at + _AHEAD),
    )


def _make_due(noun: Any, which: ColumnElement[bool], at: datetime) -> None:
    moments = {Event: ("drain_at",), Delivery: ("next_attempt_at", "created_at", "tried_at")}
    with outbox.transaction():
        ids = list(db.session.scalars(select(noun.id).where(which).with_for_update(skip_locked=True)))
        for name in moments.get(noun, ("next_attempt_at", "created_at")):
            db.session.execute(
                update(noun).where(noun.id.in_(ids), getattr(noun, name) > at).values({name: at}),
                execution_options={"synchronize_session": False},
            )
