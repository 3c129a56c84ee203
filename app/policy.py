"""Who may do what: one function for page, fragment, stream, file, API, mail and bot alike."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.actor import Actor
from app.models.staff import Staff
from app.models.words import MANAGERS, OF_COMPLAINTS, ActorKind, EventKind, Role


class Act(StrEnum):
    """What an endpoint lets somebody do."""

    PUBLIC = auto()  # anyone; shows nothing of a request beyond what its number alone may show
    LINK = auto()  # the holder of a request's signed link; the route checks the signature
    MACHINE = auto()  # monitoring and Telegram; the route checks METRICS_TOKEN, loopback or Telegram's secret
    WORK = auto()  # see and work on requests
    MANAGE = auto()  # escalations, contracts, calendars, reports
    ADMINISTER = auto()  # staff, settings, tokens


_LEAST: dict[Act, frozenset[Role]] = {
    Act.WORK: frozenset(Role),
    Act.MANAGE: MANAGERS,
    Act.ADMINISTER: frozenset({Role.ADMIN}),
}
OPEN_ACTS = frozenset({Act.PUBLIC, Act.LINK, Act.MACHINE})


def may(actor: Actor | None, act: Act) -> bool:
    """Whether this actor may do this act; nobody in particular (None) may do what is open to all."""
    if act in OPEN_ACTS:
        return True
    if actor is None or actor.kind not in {ActorKind.STAFF, ActorKind.TOKEN} or actor.role is None:
        return False
    return actor.role in _LEAST[act]


def may_manage_now() -> ColumnElement[bool]:
    """As a condition for staff: managers who still work here."""
    return and_(Staff.role.in_(MANAGERS), Staff.is_disabled.is_(False))


def may_see_complaint(actor: Actor | None, about_id: int | None) -> bool:
    """Managers see complaints, but for the one whom a complaint names, whatever their role."""
    return may(actor, Act.MANAGE) and actor is not None and not is_about(actor.staff_id, about_id)


def is_about(staff_id: int | None, about_id: int | None) -> bool:
    """Whether the reader is the one of whom a complaint, or what it opened, speaks: it is not for them."""
    return about_id is not None and about_id == staff_id


def not_about(staff_id: int | None, column: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """The same for queries: rows whose ``column`` (of whom they speak) is not the reader."""
    return or_(column.is_(None), column != (staff_id or 0))


def may_read_event(
    kind: EventKind, data: Mapping[str, Any], engineer_id: int | None, *, staff_id: int | None, is_manager: bool
) -> bool:
    """Whether a row of a request's history is for this reader: what tells of a complaint is for managers it does not
    name. ``engineer_id``: whose request it is, for rows that were written before they said whom they are about."""
    if kind is not EventKind.COMPLAINED and data.get("cause") not in OF_COMPLAINTS:
        return True
    about_id = data.get("about_id", engineer_id)
    return is_manager and not is_about(staff_id, about_id)
