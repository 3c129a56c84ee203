"""Ids out of the index of words, newest request first: common words stop early, rare ones are few."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, column, func, select, table, text, true

from app.extensions import db
from app.models.search import SearchDocument
from app.models.ticket import Ticket
from app.search import words

FIRST, GROWTH = 4, 8  # spans in the first window; each further one has so many times as many
PATIENCE = 0.25  # seconds; then the reader is told how far the search came
Groups = Sequence[Sequence[str]]

_FTS5 = table("search_index", column("rowid", Integer))


@dataclass(frozen=True, slots=True)
class Hits:
    """``ids``: newest first. ``next_before``: where to go on, None at the end. ``is_cut``: it took too long."""

    ids: list[int]
    next_before: int | None = None
    is_cut: bool = False


def find(
    groups: Groups, conditions: Sequence[ColumnElement[bool]], before: int | None, most: int, *, oldest: int = 0
) -> Hits:
    """Requests that hold a token of every group and meet the conditions, up to ``most``, older than ``before``.

    ``oldest``: an id below which none meets them.
    """
    if not groups or not all(groups):
        return Hits([])
    end = time.monotonic() + PATIENCE
    ids: list[int] = []
    for low, high in _windows(before, oldest):
        wanted = most + 1 - len(ids)
        ids += db.session.scalars(_query(groups, conditions, low, high, wanted))
        if len(ids) > most:
            return Hits(ids[:most], ids[most - 1])
        if low > oldest and time.monotonic() > end:
            return Hits(ids, low, is_cut=True)
    return Hits(ids)


def _windows(before: int | None, oldest: int) -> Iterator[tuple[int, int]]:
    """Spans of ids from the newest down, each wider than the one before, to the first request."""
    newest = (db.session.scalar(select(func.max(Ticket.id))) or 0) + 1
    high, size = min(before or newest, newest), FIRST
    while high > oldest:
        low = max(0, ((high - 1) // words.SPAN - size + 1) * words.SPAN)
        yield low, high
        high, size = low, size * GROWTH


def _query(groups: Groups, conditions: Sequence[ColumnElement[bool]], low: int, high: int, most: int) -> Select[Any]:
    """One window. The conditions are asked row by row, in order, until there are enough: never a join of two tables."""
    if db.session.get_bind().dialect.name == "sqlite":
        key: ColumnElement[int] = _FTS5.c.rowid
        query = select(key).select_from(_FTS5).where(text("search_index MATCH :asked"))
        query = query.where(key >= low, key < high).order_by(key.desc()).params(asked=fts5(groups))
    else:
        key, query = _gin(groups, low, high)
    for_all = [select(true()).where(Ticket.id == key, *conditions).scalar_subquery()] if conditions else []
    return query.where(*for_all).limit(most)


def _gin(groups: Groups, low: int, high: int) -> tuple[ColumnElement[int], Select[Any]]:
    # + 0: no walk along the primary key, which for a rare word would lead through the whole table.
    number = SearchDocument.ticket_id + 0
    inner = (
        select(number.label("ticket_id"))
        .where(text("array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:asked AS tsquery)"))
        .where(number >= low, number < high)
        .order_by(number.desc())
        .offset(0)  # a fence: the planner leaves it as it is
        .params(asked=tsquery(groups, low, high))
        .subquery("hits")
    )
    key = inner.c.ticket_id
    return key, select(key).order_by(key.desc())


def fts5(groups: Groups) -> str:
    """Each token as a string of FTS5: nothing in it is syntax."""
    return " AND ".join("(" + " OR ".join(f'"{token}"' for token in group) + ")" for group in groups)


def tsquery(groups: Groups, low: int, high: int) -> str:
    """The same for PostgreSQL, narrowed to the spans of the window: GIN begins with the rarest of what must be."""
    spans = [words.span(number) for number in range(low // words.SPAN, (high - 1) // words.SPAN + 1)]
    every = groups if low == 0 else [*groups, spans]
    return " & ".join("(" + " | ".join(f"'{token}'" for token in group) + ")" for group in every)
