"""The duty roster: who answers for the desk from when to when, who is away, what is handed over, what was changed."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, words


def first_version() -> int:
    """Any number, for SQLite gives the id of a row that was taken out to another: an old form must not match it."""
    return secrets.randbelow(1 << 30)


class DutyRole(StrEnum):
    """In which order people of one shift are called."""

    OWNER = auto()  # called first, and answers for the requests that nobody has taken
    NEXT = auto()  # called when the first is silent


class DutyChangeKind(StrEnum):
    """``data`` of a change holds the rows ``before`` and ``after`` it: all that its undoing needs."""

    GIVEN = auto()
    CHANGED = auto()
    REMOVED = auto()
    SWAPPED = auto()
    REPEATED = auto()  # a week was copied to the next ones
    ABSENT = auto()
    ABSENCE_CHANGED = auto()
    RETURNED = auto()  # an absence was ended, or taken out


class DutyShift(Base):
    """One person from one moment to another, the end not included. No two shifts of one role overlap."""

    __tablename__ = "duty_shifts"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    role: Mapped[DutyRole] = mapped_column(words(DutyRole))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    version: Mapped[int] = mapped_column(default=first_version)

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="end"),
        Index("ix_duty_shifts_role", "role", "starts_at"),
    )


class DutyAbsence(Base):
    """A person is away; the substitute stands in all their shifts meanwhile, or nobody does."""

    __tablename__ = "duty_absences"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=first_version)

    __table_args__ = (CheckConstraint("ends_at > starts_at", name="end"),)


class DutyNote(Base):
    """What one person on duty hands over to the next; it stands on their pages until they say that they read it."""

    __tablename__ = "duty_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    text: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class DutyChange(Base):
    """Who changed the roster, when and how: append-only but for its undoing."""

    __tablename__ = "duty_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DutyChangeKind] = mapped_column(words(DutyChangeKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
