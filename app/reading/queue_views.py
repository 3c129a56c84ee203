"""The views of the queue: which requests each shows, in which order, and how many there are in each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, case, cast, func, select

from app.columns import read_columns
from app.extensions import db
from app.models.ticket import ACTIVE, STANDS_STILL, Ticket, stands_still
from app.models.words import State, Urgency
from app.reading.reader import Reader
from app.rows import LARGEST_ID

PAGE = 50
SOLVED_FOR = timedelta(days=3)

_CURSOR = re.compile(r"([012])\.(\d{1,17})\.(\d{1,12})")


class View(StrEnum):
    MINE = auto()
    UNASSIGNED = auto()
    URGENT = auto()
    OVERDUE = auto()
    WAITING = auto()
    OPEN = auto()
    SOLVED = auto()


class Cursor(NamedTuple):
    """The place of a row in its view: untaken urgent ones, then running clocks, then stopped ones; each by deadline."""

    rank: int
    moment: datetime
    ticket_id: int

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        found = _CURSOR.fullmatch(text)
        if found is None:
            return None
        try:
            place = cls(int(found[1]), _EPOCH + timedelta(microseconds=int(found[2])), int(found[3]))
        except OverflowError:
            return None
        return place if place.moment <= _FAR and place.ticket_id <= LARGEST_ID else None

    def __str__(self) -> str:
        """Cursors in order are strings in order."""
        return f"{self.rank}.{(self.moment - _EPOCH) // _MICROSECOND:017}.{self.ticket_id:09}"


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_FAR = datetime.fromisoformat("2200-01-01T00:00:00+00:00")
_MICROSECOND = timedelta(microseconds=1)
_IS_UNTAKEN = and_(Ticket.urgency == Urgency.URGENT, Ticket.state == State.NEW, Ticket.engineer_id.is_(None))
by_rank: ColumnElement[int] = case((_IS_UNTAKEN, 0), (STANDS_STILL, 2), else_=1)


_SOLVED = select(func.count()).where(Ticket.state == State.SOLVED, Ticket.touched_at >= bindparam("since"))
# Built once, in the order of the views: every queue asks for it after every change.
_COUNTS: Select[*tuple[Any, ...]] = select(
    func.count().filter(Ticket.engineer_id == bindparam("staff")),
    func.count().filter(Ticket.engineer_id.is_(None)),
    func.count().filter(Ticket.urgency == Urgency.URGENT),
    func.count().filter(and_(Ticket.due_at < bindparam("at"), ~STANDS_STILL)),
    func.count().filter(Ticket.state == State.WAITING),
    func.count(),
    cast(_SOLVED.scalar_subquery(), BigInteger),
).where(ACTIVE)


def rank_of(state: State, urgency: Urgency, engineer_id: int | None, paused_at: datetime | None) -> int:
    """The same rank in Python."""
    if urgency is Urgency.URGENT and state is State.NEW and engineer_id is None:
        return 0
    return 2 if stands_still(urgency, paused_at) else 1


def mirrored(at: datetime) -> datetime:
    """A moment by which later ones come first; mirrored twice it is itself."""
    return _EPOCH + (_FAR - at)


def counts(reader: Reader, saved: Sequence[ColumnElement[bool]] = ()) -> tuple[dict[View, int], list[int]]:
    """How many requests each view holds, and each saved selection of what is open; one pass over what is open."""
    moments = {"staff": reader.staff_id, "at": reader.at, "since": reader.at - SOLVED_FOR}
    query = _COUNTS.add_columns(*(func.count().filter(one) for one in saved)) if saved else _COUNTS
    row = list(read_columns(query, moments).one())
    return dict(zip(View, row, strict=False)), row[len(View) :]


def untaken_urgent() -> int:
    return db.session.scalar(select(func.count()).where(ACTIVE, _IS_UNTAKEN)) or 0


def conditions(view: View, reader: Reader) -> list[ColumnElement[bool]]:
    """What makes a request belong to a view."""
    if view is View.SOLVED:
        return [Ticket.state == State.SOLVED, Ticket.touched_at >= reader.at - SOLVED_FOR]
    narrower: dict[View, ColumnElement[bool]] = {
        View.MINE: Ticket.engineer_id == reader.staff_id,
        View.UNASSIGNED: Ticket.engineer_id.is_(None),
        View.URGENT: Ticket.urgency == Urgency.URGENT,
        View.OVERDUE: and_(Ticket.due_at < reader.at, ~STANDS_STILL),
        View.WAITING: Ticket.state == State.WAITING,
    }
    return [ACTIVE, narrower[view]] if view in narrower else [ACTIVE]
