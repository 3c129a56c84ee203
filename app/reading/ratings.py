"""Ratings as staff read them: on a request, and an engineer's own; the words of a complaint are for managers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import func, select

from app.actor import Actor
from app.extensions import db
from app.models.complaint import Complaint
from app.models.message import Message
from app.models.rating import Rating
from app.models.ticket import Ticket
from app.models.words import MessageKind
from app.policy import may_see_complaint
from app.reading.reader import Reader

PAGE = 50
SPAN = timedelta(days=90)
FEWEST = 10  # under so many a share says nothing
_RATINGS = (
    select(Rating.id, Rating.value, Rating.comment, Rating.at, Rating.complaint_id, Rating.superseded_at)
    .add_columns(Complaint.about_id, Ticket.number, Ticket.title)
    .join(Ticket, Ticket.id == Rating.ticket_id)
    .outerjoin(Complaint, Complaint.id == Rating.complaint_id)
)


@dataclass(frozen=True)
class Line:
    """One rating. ``comment`` is empty where this reader may not read it, and then ``is_kept`` says so."""

    value: int
    time: str
    iso: str
    comment: str
    is_kept: bool
    counts: bool
    number: str = ""
    title: str = ""


@dataclass(frozen=True)
class Own:
    """An engineer's ratings, newest first. ``share``: of the solutions of ``SPAN``, empty where they are too few."""

    lines: list[Line]
    rated: int
    solved: int
    share: str
    after: int = 0


def of_ticket(ticket_id: int, by: Actor, reader: Reader) -> list[Line]:
    """All that was said about the solutions of a request, the newest first; what no longer counts is marked."""
    found = db.session.execute(_RATINGS.where(Rating.ticket_id == ticket_id).order_by(Rating.id.desc()).limit(PAGE))
    return [_line(row, by, reader) for row in found]


def own(by: Actor, reader: Reader, after: int = 0) -> Own:
    """Of the reader's own requests, those that count; three queries."""
    query = _RATINGS.where(Rating.engineer_id == by.staff_id, Rating.superseded_at.is_(None))
    if after:
        query = query.where(Rating.id < after)
    found = list(db.session.execute(query.order_by(Rating.id.desc()).limit(PAGE + 1)))
    since = reader.at - SPAN
    solutions = select(func.count(Message.id)).where(
        Message.staff_id == by.staff_id,
        Message.kind == MessageKind.SOLUTION,
        Message.recalled_at.is_(None),
        Message.at > since,
    )
    rated = solutions.where(
        select(Rating.id).where(Rating.solution_id == Message.id, Rating.superseded_at.is_(None)).exists()
    )
    solved_count, rated_count = db.session.scalar(solutions) or 0, db.session.scalar(rated) or 0
    share = f"{round(100 * rated_count / solved_count)}" if solved_count >= FEWEST else ""
    lines = [_line(row, by, reader) for row in found[:PAGE]]
    return Own(lines, rated_count, solved_count, share, found[PAGE - 1].id if len(found) > PAGE else 0)


def _line(row: Columns[Any], by: Actor, reader: Reader) -> Line:
    is_kept = bool(row.comment) and row.complaint_id is not None and not may_see_complaint(by, row.about_id)
    return Line(
        row.value,
        reader.time_or_day(row.at),
        row.at.isoformat(),
        "" if is_kept else row.comment,
        is_kept,
        row.superseded_at is None,
        row.number,
        row.title,
    )
