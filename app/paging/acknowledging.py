"""«Беру на контроль» from a page: the first who says so stops it for all, the second is told who was first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from app import escalations
from app.actor import Actor
from app.extensions import db
from app.models.escalation import Escalation
from app.models.page import Page
from app.models.staff import Staff
from app.models.words import OF_COMPLAINTS
from app.policy import is_about


@dataclass(frozen=True)
class Answer:
    """What became of it. ``who``, ``since``: who has charge now; empty where it passed by itself."""

    is_first: bool
    is_resolved: bool = False
    who: str = ""
    since: datetime | None = None


def may_acknowledge(escalation: Escalation, by: Actor) -> bool:
    """Managers all but a complaint about themselves; others what they were called for."""
    if is_about(by.staff_id, escalation.about_id):
        return False
    if by.is_manager:
        return True
    called = exists().where(Page.escalation_id == escalation.id, Page.staff_id == by.staff_id)
    return by.staff_id is not None and bool(db.session.scalar(select(called)))


def acknowledge(ids: Iterable[int], by: Actor, at: datetime, note: str = "") -> Answer:
    """Take charge of these escalations and of what else their requests are here for, in the caller's transaction.

    Rows are locked first: of two at once the second reads what the first has done.
    """
    found = [one for one in _locked(ids) if may_acknowledge(one, by)]
    waiting = [one for one in found if one.resolved_at is None and not escalations.is_watched(one, at)]
    if not waiting:
        return standing(found, at)
    several = {other.id: other for one in waiting for other in _with_it(one, by)}
    for one in several.values():
        escalations.acknowledge(one, note, by, at)
    return Answer(True, who=by.name, since=at)


def told_in(delivery_id: int, recipient: str) -> list[int]:
    """The escalations that a message told of, if it went to that address."""
    query = select(Page.escalation_id).where(Page.delivery_id == delivery_id, Page.recipient == recipient)
    return list(db.session.scalars(query))


def standing(several: Iterable[Escalation], at: datetime) -> Answer:
    """Who has charge of them: of the first that somebody watches, else of the first that is resolved."""
    known = list(several)
    for one in known:
        if escalations.is_watched(one, at):
            return Answer(False, who=_name(one.watched_by_id) or one.note, since=one.watched_since)
    for one in known:
        if one.resolved_at is not None:
            return Answer(False, True, _name(one.resolved_by_id), one.resolved_at)
    return Answer(False)


def _locked(ids: Iterable[int]) -> list[Escalation]:
    query = select(Escalation).where(Escalation.id.in_(list(ids))).order_by(Escalation.opened_at, Escalation.id)
    return list(db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}))


def _with_it(escalation: Escalation, by: Actor) -> Iterable[Escalation]:
    """Complaints of the same request stay with those who are called for them."""
    together = escalations.together(escalation)
    return [one for one in together if one.cause not in OF_COMPLAINTS or may_acknowledge(one, by)]


def _name(staff_id: int | None) -> str:
    found = db.session.get(Staff, staff_id) if staff_id else None
    return found.name if found else ""
