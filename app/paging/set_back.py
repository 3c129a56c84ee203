"""After the clock was set back: what was opened, watched or paged later than now begins anew at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from app import database, outbox
from app.extensions import db
from app.models.escalation import Escalation
from app.models.page import Page

_AHEAD = timedelta(minutes=15)  # a clock that is wrong by less costs a late step, and no night


def mend(at: datetime) -> None:
    """Look, and write only where there is something: hardly ever."""
    with database.reading():
        is_there = db.session.scalar(select(Escalation.id).where(_is_ahead(at)).limit(1)) is not None
        db.session.rollback()
    if is_there:
        with outbox.transaction():
            waits = update(Escalation).where(_is_ahead(at)).values(watched_until=at)
            db.session.execute(waits, execution_options={"synchronize_session": False})


def _is_ahead(at: datetime) -> ColumnElement[bool]:
    ahead = at + _AHEAD
    since = func.coalesce(Escalation.watched_until, Escalation.opened_at)
    paged = exists().where(Page.escalation_id == Escalation.id, Page.since == since, Page.made_at > ahead)
    opened = and_(Escalation.watched_until.is_(None), Escalation.opened_at > ahead)
    watched = and_(Escalation.watched_since > ahead, Escalation.watched_until > ahead)
    return and_(Escalation.resolved_at.is_(None), or_(opened, watched, paged))
