"""One act on several requests at once, and what became of each: failures are named, the rest can be undone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words


class BulkKind(StrEnum):
    TAKE = auto()
    ASSIGN = auto()
    REPLY = auto()
    ASK = auto()
    SOLVE = auto()
    URGENCY = auto()


class BulkAct(Base):
    """Written before the first of its requests, so that a death on the way leaves it known, and ended, or undone.

    ``wanted``: how to go on, until nothing is left to do. ``press``: the form, its words and its requests, hashed;
    pressed again it is this act, unless that is being undone.
    """

    __tablename__ = "bulk_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    kind: Mapped[BulkKind] = mapped_column(words(BulkKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    numbers: Mapped[list[str]] = mapped_column(JSON)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    press: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undoing_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # from here on nothing more is done
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rows: Mapped[list[BulkRow]] = relationship(order_by="BulkRow.at", lazy="selectin", viewonly=True)

    __table_args__ = (partial_index("ix_bulk_acts_press", "press", where="undoing_at IS NULL", unique=True),)

    @property
    def rest(self) -> list[str]:
        """The requests that nothing became of yet."""
        known = {row.number for row in self.rows}
        return [number for number in self.numbers if number not in known]

    @property
    def done(self) -> list[BulkRow]:
        return [row for row in self.rows if row.done is not None]

    @property
    def undone(self) -> list[BulkRow]:
        return [row for row in self.rows if row.undone_at is not None]

    @property
    def refusals(self) -> list[tuple[str, str]]:
        """Number and why it was not done; once it is being undone, why not undone."""
        is_undo = self.undoing_at is not None
        return [(row.number, row.refusal) for row in self.rows if row.refusal and (row.done is not None) is is_undo]

    @property
    def is_half(self) -> bool:
        """Whether something is left to do, or to undo."""
        return self.undone_at is None and (self.undoing_at is not None or bool(self.rest))

    @property
    def touched_at(self) -> datetime:
        """When something was last done for it."""
        moments = (self.at, self.undoing_at, *(moment for row in self.rows for moment in (row.at, row.undone_at)))
        return max(moment for moment in moments if moment is not None)


class BulkRow(Base):
    """What became of one request, written with it. ``done``: what takes it back; without it, ``refusal`` says why not.

    That: its engineer ``before`` and ``engineer``, the ``message``, or the ``event`` and what was ``promised`` before.
    A ``refusal`` beside it: why it could not be taken back.
    """

    __tablename__ = "bulk_rows"

    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_acts.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    done: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    refusal: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
