"""Warns the manager, once and a week before, of hours for which nobody is on duty; settles it when they are filled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from app import database, duty, escalations, outbox
from app.actor import SYSTEM
from app.duty.checks import stretch
from app.duty.cover import AHEAD, gaps
from app.extensions import db
from app.models.duty import DutyChange
from app.models.escalation import Escalation
from app.terms import desk_calendar
from app.translate import _
from app.troubles import Trouble

_NAMED = 3


def watch(moment: datetime) -> None:
    """Open the warning in service hours; what the manager has settled by hand is not brought up again."""
    with database.reading():
        missing = _missing(moment)
        standing = escalations.open_system(Trouble.ROSTER)
        is_open = standing is not None
        known = standing.text if standing else ""
        is_wanted = not is_open and bool(missing) and _is_opening(moment) and _is_news(missing)
        db.session.rollback()
    if is_open and not missing:
        _settle(moment)
    elif is_wanted:
        with outbox.transaction():
            escalations.report_system(Trouble.ROSTER, words(missing), moment)
    elif is_open and known != words(missing):
        _say(words(missing))


def words(missing: Sequence[duty.Span]) -> str:
    """«На эти часы нет дежурного: пн, 30 ноя, 9:00 – вт, 1 дек, 9:00.»"""
    named = "; ".join(stretch(gap.starts_at, gap.ends_at) for gap in missing[:_NAMED])
    if len(missing) > _NAMED:
        named += _("; и ещё промежутков: %(count)s", count=len(missing) - _NAMED)
    return _("На эти часы нет дежурного: %(hours)s. Назначьте людей в графике дежурств.", hours=named)


def _missing(moment: datetime) -> list[duty.Span]:
    if not duty.is_kept():
        return []
    end = moment + AHEAD
    return gaps(duty.read(moment, end), moment, end)


def _is_opening(moment: datetime) -> bool:
    return desk_calendar().is_open(moment)


def _is_news(missing: Sequence[duty.Span]) -> bool:
    """Whether the manager has not seen it: a gap that came into view, or a roster changed since they settled it."""
    warned = (Escalation.ticket_id.is_(None), Escalation.subject == Trouble.ROSTER)  # by the index of the former: few
    query = select(Escalation.resolved_at, Escalation.resolution).where(*warned)
    last = db.session.execute(query.order_by(Escalation.id.desc()).limit(1)).first()
    if last is None or last.resolved_at is None or last.resolution == _filled():
        return True
    if any(gap.starts_at >= last.resolved_at + AHEAD for gap in missing):
        return True
    later = or_(DutyChange.at > last.resolved_at, DutyChange.undone_at > last.resolved_at)
    return db.session.scalar(select(DutyChange.id).where(later).limit(1)) is not None


def _settle(moment: datetime) -> None:
    with outbox.transaction():
        if standing := escalations.open_system(Trouble.ROSTER):
            escalations.resolve(standing, _filled(), SYSTEM, moment)


def _filled() -> str:
    return _("График заполнен.")


def _say(text: str) -> None:
    with outbox.transaction():
        if standing := escalations.open_system(Trouble.ROSTER):
            standing.text = text
            outbox.changed(outbox.ESCALATIONS_TOPIC)
