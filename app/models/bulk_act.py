"""One act on several requests at once: what became of each, so that failures are named and the rest can be undone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, words


class BulkKind(StrEnum):
    TAKE = auto()
    ASSIGN = auto()
    REPLY = auto()
    ASK = auto()
    SOLVE = auto()
    URGENCY = auto()


class BulkAct(Base):
    """``rows``, one a request: its number, and why not, or what takes it back.

    That: its engineer ``before`` and ``engineer``, the ``message``, or the ``event`` and what was ``promised`` before.
    """

    __tablename__ = "bulk_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    kind: Mapped[BulkKind] = mapped_column(words(BulkKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def done(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if "refusal" not in row]

    @property
    def refusals(self) -> list[tuple[str, str]]:
        return [(row["number"], row["refusal"]) for row in self.rows if "refusal" in row]
