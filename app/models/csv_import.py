"""A CSV file that came in by the page: what it holds, how far it was read, which rows are bad."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, words


class ImportStage(StrEnum):
    CHECKING = auto()
    CHECKED = auto()
    WRITING = auto()
    WRITTEN = auto()


class CsvImport(Base):
    """``position``: rows tried or written so far; it moves in the transaction that writes them, so that none is twice.

    ``bad``: line of the file to what is wrong there.
    """

    __tablename__ = "csv_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    stage: Mapped[ImportStage] = mapped_column(words(ImportStage), default=ImportStage.CHECKING)
    total: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    bad: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def first_bad(self, most: int) -> list[tuple[str, str]]:
        """Line and what is wrong there, from the top of the file."""
        return sorted(self.bad.items(), key=lambda one: int(one[0]))[:most]
