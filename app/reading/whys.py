"""«Почему такой срок» of many requests at once: the sentence of each one's deadline in force, in one query."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from app import promises
from app.extensions import db
from app.models.promise import Promise
from app.models.ticket import Ticket
from app.models.words import PromiseKind
from app.promises import Basis
from app.reading.reader import Reader

IN_FORCE: ColumnElement[bool] = and_(
    Promise.ticket_id == Ticket.id, Promise.kind == PromiseKind.SOLUTION, Promise.superseded_at.is_(None)
)
"""Joins a request to its solution's deadline in force."""


def with_why(query: Select[Any], *, is_russian: bool) -> Select[Any]:
    """The query of requests with the column that ``worded`` reads: the sentence, else what it can be written from."""
    column = Promise.why.label("why") if is_russian else Promise.basis.label("why")
    return query.outerjoin(Promise, IN_FORCE).add_columns(column)


def worded(why: Any, reader: Reader) -> str:
    """The sentence of a row of ``with_why``; empty where there is no deadline."""
    if not why:
        return ""
    return str(why) if reader.is_russian else promises.why_en(Basis.from_json(why))


def whys(ticket_ids: Collection[int], reader: Reader) -> dict[int, str]:
    """The sentence of each request that has a deadline; one query, none for no requests."""
    if not ticket_ids:
        return {}
    query = with_why(select(Ticket.id), is_russian=reader.is_russian).where(Ticket.id.in_(ticket_ids))
    return {row.id: worded(row.why, reader) for row in db.session.execute(query)}
