"""What staff did to companies, people and contracts: one row a change, append-only but for undoing and erasing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, words


class ChangeKind(StrEnum):
    """``data`` of a change holds ``fields`` (their names), of a merge all that its undoing needs."""

    MADE = auto()
    CHANGED = auto()
    CONTRACTED = auto()  # a contract was added
    RECONTRACTED = auto()  # a contract was changed
    ARCHIVED = auto()
    RESTORED = auto()
    MERGED = auto()  # another row was joined to this one
    SEPARATED = auto()  # and taken apart again


class ClientChange(Base):
    """A change of one company or one person; ``undone_at`` of a merge: taken back."""

    __tablename__ = "client_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ChangeKind] = mapped_column(words(ChangeKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
