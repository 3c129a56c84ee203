"""What waits for the manager: one row a request, the longest wait first, and what is being watched already."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, func, select

from app.clock import todays_midnight
from app.escalations import unwatched, visible
from app.extensions import db
from app.models.escalation import Escalation
from app.models.page import Page
from app.models.staff import Staff
from app.reading.escalation_rows import SELECT, Row, worded
from app.reading.reader import Reader
from app.thresholds import current as thresholds
from app.translate import _
from app.wording import plural

MOST = 400  # open escalations that are read; more would not be decided by reading
PAGE = 40  # rows on one page
_MOST_TODAY = 2000


@dataclass(frozen=True)
class Board:
    """One page of it. ``summary``: «Вас ждут 4 заявки», as ``waits_longest`` and the counts of all pages.

    ``place``: behind which row this page begins, ``next_place`` the one behind it, ``watched_place`` where what is
    watched begins, where this page does not show it. ``is_cut``: there are more than ``MOST``, all of them younger.
    """

    waiting: list[Row] = field(default_factory=list)
    watched: list[Row] = field(default_factory=list)
    waiting_count: int = 0
    watched_count: int = 0
    waits_longest: str = ""
    place: str = ""
    next_place: str = ""
    next_count: int = 0
    watched_place: str = ""
    resolved_today: int = 0
    last_resolved_at: datetime | None = None
    is_cut: bool = False
    summary: str = ""


@dataclass(frozen=True)
class Reaction:
    """How long the reader took today until «беру на контроль»: half of all cases within ``usual``."""

    count: int
    usual: str
    longest: str


def board(reader: Reader, place: str = "") -> Board:
    """What is open and the reader may see, from that place on, and how many were resolved today; three queries.

    A place that leads behind the last row, or is none of ours, leads to the beginning.
    """
    found = db.session.execute(_open(reader).limit(MOST + 1)).all()
    rows = sorted(_rows(list(found[:MOST]), reader), key=_key)
    today = todays_midnight(reader.at, reader.zone)
    resolved = select(func.count(), func.max(Escalation.resolved_at)).where(Escalation.resolved_at >= today)
    count, last = db.session.execute(resolved.where(visible(reader.staff_id))).one()
    waiting = [row for row in rows if not row.is_watched]
    start = bisect_right(rows, after, key=_key) if (after := _read(place)) else 0
    start = start if start < len(rows) else 0
    end = start + PAGE
    shown, is_cut = rows[start:end], len(found) > MOST
    return Board(
        waiting=[row for row in shown if not row.is_watched],
        watched=[row for row in shown if row.is_watched],
        waiting_count=len(waiting),
        watched_count=len(rows) - len(waiting),
        waits_longest=waiting[0].waited if waiting else "",
        place=place if start else "",
        next_place=_place(shown[-1]) if end < len(rows) else "",
        next_count=min(PAGE, max(0, len(rows) - end)),
        watched_place=_place(waiting[-1]) if waiting and end <= len(waiting) < len(rows) else "",
        resolved_today=count,
        last_resolved_at=last,
        is_cut=is_cut and end >= len(rows),
        summary=_summary(waiting, reader),
    )


def row(escalation: Escalation, reader: Reader) -> Row:
    """The row that an escalation belongs to; a resolved one stands alone."""
    query = SELECT.where(visible(reader.staff_id)).order_by(Escalation.opened_at, Escalation.id)
    if escalation.resolved_at is None and escalation.ticket_id is not None:
        query = query.where(Escalation.ticket_id == escalation.ticket_id, Escalation.resolved_at.is_(None))
    else:
        query = query.where(Escalation.id == escalation.id)
    group = db.session.execute(query).all()
    return worded(group, reader, thresholds(), _names(group, _called([one.id for one in group])))


def waiting_count(staff_id: int | None, at: datetime) -> int:
    """How many requests (and troubles of the desk) nobody watches now."""
    key = func.coalesce(Escalation.ticket_id, -Escalation.id)
    return db.session.scalar(select(func.count(key.distinct())).where(unwatched(at), visible(staff_id))) or 0


def reaction_today(reader: Reader) -> Reaction | None:
    """Of the reader's own first acknowledgements today; None before the first."""
    query = select(Escalation.opened_at, Escalation.acknowledged_at).where(
        Escalation.acknowledged_at >= todays_midnight(reader.at, reader.zone),
        Escalation.acknowledged_by_id == reader.staff_id,
    )
    found: list[tuple[Any, ...]] = [tuple(one) for one in db.session.execute(query.limit(_MOST_TODAY))]
    took = sorted(seen - opened for opened, seen in found)
    if not took:
        return None
    words = reader.words.duration
    return Reaction(len(took), str(words(took[(len(took) - 1) // 2])), str(words(took[-1])))


def _summary(waiting: list[Row], reader: Reader) -> str:
    """How many requests wait, and how much else (the desk's own troubles, callers without a request)."""
    requests, others = _FORMS[reader.words.__name__]
    of_requests = sum(bool(row.number) for row in waiting)
    counted = reader.words.count
    if of_requests == len(waiting):
        what = counted(of_requests, *requests)
    elif of_requests:
        rest = counted(len(waiting) - of_requests, *others)
        what = _("%(requests)s и ещё %(rest)s", requests=counted(of_requests, *requests), rest=rest)
    else:
        what = counted(len(waiting), *others)
    if not reader.is_russian:
        return f"Waiting for you: {what}"
    return f"{plural(of_requests or len(waiting), 'Вас ждёт', 'Вас ждут', 'Вас ждут')} {what}"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"([01])\.([0-9]{1,17})\.([0-9]{1,10})")
_FORMS = {
    "app.wording": (("заявка", "заявки", "заявок"), ("дело", "дела", "дел")),
    "app.wording_en": (("request", "requests"), ("matter", "matters")),
}


def _open(reader: Reader) -> Select[Any]:
    standing = SELECT.where(Escalation.resolved_at.is_(None), visible(reader.staff_id))
    return standing.order_by(Escalation.opened_at, Escalation.id)


def _rows(found: list[Columns[Any]], reader: Reader) -> list[Row]:
    groups: dict[int, list[Columns[Any]]] = defaultdict(list)
    for one in found:
        groups[one.ticket_id or -one.id].append(one)
    limits, called = thresholds(), _called([one.id for one in found])
    return [worded(group, reader, limits, _names(group, called)) for group in groups.values()]


def _key(row: Row) -> tuple[bool, datetime, int]:
    """What waits, the longest wait first, then what is watched."""
    return row.is_watched, row.opened_at, row.id


def _place(row: Row) -> str:
    """Behind that row, as an address says it; it holds when the row itself is gone."""
    return f"{row.is_watched:d}.{(row.opened_at - _EPOCH) // timedelta(microseconds=1)}.{row.id}"


def _read(place: str) -> tuple[bool, datetime, int] | None:
    if not (found := _PLACE.fullmatch(place)):
        return None
    return found[1] == "1", _EPOCH + timedelta(microseconds=int(found[2])), int(found[3])


def _called(escalation_ids: list[int]) -> dict[int, list[str]]:
    """Who was told of each, in the order of the steps; one query."""
    names: dict[int, list[str]] = defaultdict(list)
    query = select(Page.escalation_id, Staff.name).join(Staff, Staff.id == Page.staff_id)
    query = query.where(Page.escalation_id.in_(escalation_ids)).order_by(Page.id)
    for escalation_id, name in db.session.execute(query) if escalation_ids else ():
        names[escalation_id].append(name)
    return names


def _names(group: Sequence[Columns[Any]], called: dict[int, list[str]]) -> list[str]:
    return [name for one in group for name in called.get(one.id, ())]
