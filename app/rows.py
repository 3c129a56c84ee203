"""Ids of rows as they come from outside: addresses, forms, buttons. A number that no id can be names no row."""

from __future__ import annotations

from typing import Any, TypeVar

from app.extensions import Base, db

M = TypeVar("M", bound=Base)
LARGEST_ID = (1 << 31) - 1  # PostgreSQL refuses to compare its integers with a larger number


def find_row(kind: type[M], row_id: int | None, **how: Any) -> M | None:
    """The row of an id that somebody named; None where there is none. ``how``: as ``Session.get`` takes it."""
    return db.session.get(kind, row_id, **how) if row_id is not None and is_id(row_id) else None


def is_id(number: int) -> bool:
    return 0 < number <= LARGEST_ID


def typed_id(text: str) -> int | None:
    """The id that these digits are; None: they name no row."""
    return typed_number(text) or None


def typed_number(text: str) -> int | None:
    """The same with 0, where that means «without one» or «before the first»."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))):
        return None
    return int(text) if int(text) <= LARGEST_ID else None
