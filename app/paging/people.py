"""Whom a step calls: those on duty in their order, then the managers; never whom a complaint is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app import duty
from app.config import settings
from app.extensions import db
from app.models.staff import Staff
from app.paging.ladder import FIRST, NEXT, Kind
from app.paging.waiting import Owed
from app.policy import may_manage_now


@dataclass(frozen=True)
class Called:
    """One person to reach. ``staff_id``: None for the firm's head address."""

    staff_id: int | None
    name: str
    email: str


@dataclass(frozen=True)
class People:
    """Who is on duty, and who may decide, at one moment."""

    on_duty: Sequence[Staff]
    managers: Sequence[Staff]

    def called(self, owed: Owed) -> list[Called]:
        """Whom a step calls: those of the steps before it as well, for one who slept may wake now.

        Where nobody is on duty the managers hear at once, and the firm's head address with them.
        """
        on_duty = [one for one in self.on_duty if one.id not in owed.hidden_from]
        managers = [one for one in self.managers if one.id not in owed.hidden_from]
        for_managers = owed.kind in {Kind.MANAGERS, Kind.DAY}
        if for_managers or not on_duty:
            reached = managers
        elif owed.step == FIRST:
            reached = on_duty[:1]
        elif owed.step == NEXT and len(on_duty) > 1:
            reached = on_duty
        else:
            reached = [*on_duty, *managers]
        called = [Called(one.id, one.name, one.email.lower()) for one in reached]
        if not on_duty or not reached:
            called += self._head(owed)
        return list({one.email: one for one in reversed(called)}.values())[::-1]

    def _head(self, owed: Owed) -> list[Called]:
        address = settings().head_email
        hidden = {one.email.lower() for one in self.managers if one.id in owed.hidden_from}
        return [] if address in hidden else [Called(None, address, address)]


def at(moment: datetime) -> People:
    """The people of that moment."""
    managers = db.session.scalars(select(Staff).where(may_manage_now()).order_by(Staff.id)).all()
    return People(duty.on_duty(moment), managers)
