"""Who works now and on how much: the people on duty, then the engineers, with what each has open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import and_, case, func, select

from app import duty
from app.extensions import db
from app.models.staff import Staff
from app.models.ticket import ACTIVE, STANDS_STILL, Ticket
from app.models.words import Role, Urgency
from app.names import initials
from app.reading.reader import Reader
from app.translate import _

AHEAD = timedelta(hours=24)  # who comes next is shown as far as that


@dataclass(frozen=True, slots=True)
class Engineer:
    """One person: ``duty`` says when they are on duty; counts are of open requests."""

    id: int
    name: str
    initials: str
    duty: str
    open: str
    urgent: str
    overdue: str
    is_free: bool
    is_on_duty: bool


def everyone(reader: Reader) -> list[Engineer]:
    """The people on duty first, then who is next, then the others by name; five queries however many requests."""
    words, order = _duty(reader)
    loads = {one.engineer_id: one for one in db.session.execute(_loads(reader))}
    people = select(Staff.id, Staff.name, Staff.role).where(Staff.is_disabled.is_(False)).order_by(Staff.name, Staff.id)
    shown = [
        one for one in db.session.execute(people) if one.role is Role.ENGINEER or one.id in order or one.id in loads
    ]
    shown.sort(key=lambda one: order.get(one.id, len(order)))  # stable: the others stay by name
    return [_engineer(one, words.get(one.id, ""), order, loads.get(one.id), reader) for one in shown]


def _loads(reader: Reader) -> Any:
    is_late = and_(Ticket.due_at < reader.at, ~STANDS_STILL)
    return (
        select(
            Ticket.engineer_id,
            func.count().label("open"),
            func.sum(case((Ticket.urgency == Urgency.URGENT, 1), else_=0)).label("urgent"),
            func.sum(case((is_late, 1), else_=0)).label("overdue"),
        )
        .where(ACTIVE, Ticket.engineer_id.is_not(None))
        .group_by(Ticket.engineer_id)
    )


def _duty(reader: Reader) -> tuple[dict[int, str], dict[int, int]]:
    """Of each person on duty now or within a day: the words, and the place in the list."""
    words: dict[int, str] = {}
    for span in duty.read(reader.at, reader.at + AHEAD).spans(reader.at, reader.at + AHEAD):
        for place, one in enumerate(span.people):
            if one.id in words:
                continue
            end = reader.time_or_day(span.ends_at)
            if span.starts_at > reader.at:
                words[one.id] = _("дежурит с %(start)s", start=reader.time_or_day(span.starts_at))
            elif span.ends_at >= reader.at + AHEAD:
                words[one.id] = _("дежурит") if place == 0 else _("дежурит вторым номером")
            elif place == 0:
                words[one.id] = _("дежурит до %(end)s", end=end)
            else:
                words[one.id] = _("второй номер до %(end)s", end=end)
    return words, {one: place for place, one in enumerate(words)}


def _engineer(one: Any, words: str, order: dict[int, int], load: Columns[Any] | None, reader: Reader) -> Engineer:
    counted = reader.words.count
    requests, urgent, overdue = _FORMS[reader.words.__name__]
    return Engineer(
        id=one.id,
        name=one.name,
        initials=initials(one.name),
        duty=words,
        open=counted(load.open if load else 0, *requests),
        urgent=counted(load.urgent, *urgent) if load and load.urgent else "",
        overdue=counted(load.overdue, *overdue) if load and load.overdue else "",
        is_free=load is None,
        is_on_duty=one.id in order,
    )


_FORMS = {
    "app.wording": (
        ("заявка", "заявки", "заявок"),
        ("срочная", "срочные", "срочных"),
        ("просрочена", "просрочены", "просрочено"),
    ),
    "app.wording_en": (("request", "requests"), ("urgent", "urgent"), ("overdue", "overdue")),
}
