"""Column types and small column recipes that every noun shares."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, Index, text
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python on both databases; SQLite alone would hand naive moments back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the moment {value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[StrEnum]) -> Enum:
    """An enum kept as its plain word, so that SQL by hand reads well and a new word needs no ALTER TYPE."""
    return Enum(kind, native_enum=False, length=24, values_callable=lambda e: [member.value for member in e])


def partial_index(name: str, *columns: Any, where: str, unique: bool = False) -> Index:
    """An index over the few rows that still matter, the same on both databases. ``where``: SQL both understand."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
