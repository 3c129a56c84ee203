"""Keyset pages: ``after`` is the last id of the page before, so that a page costs the same however deep it lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import db
from app.rows import typed_number

MOST = 200


def _check_cursor(text: str) -> None:
    if typed_number(text) is None:
        raise ValidationError("This is no cursor: take it from next of a page.")


class Page(Schema):
    """The query fields of every list."""

    after = fields.String(validate=_check_cursor, metadata={"description": "The `next` of the page before."})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST))


def page(
    query: Select[Any],
    key: InstrumentedAttribute[int],
    given: dict[str, Any],
    shape: Callable[[Sequence[Any]], list[dict[str, Any]]],
    *,
    newest_first: bool = False,
) -> dict[str, Any]:
    """One page of a query as ``{"items", "next"}``; ``shape`` turns its rows into JSON, all at once."""
    if after := given.get("after"):
        query = query.where(key < int(after) if newest_first else key > int(after))
    limit = given["limit"]
    rows = db.session.scalars(query.order_by(key.desc() if newest_first else key).limit(limit + 1)).all()
    shown = rows[:limit]
    cursor = str(getattr(shown[-1], key.key)) if len(rows) > limit else None
    return {"items": shape(shown), "next": cursor}
