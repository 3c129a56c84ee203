"""What a person may ask for: a copy of all that is kept about them, and that it is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index


class Erasure(Base):
    """One person erased, a few requests a transaction; broken off, it is gone on with from ``position``.

    ``whose``: by what their rows are found, kept until ``ended_at`` alone. ``person_id`` is empty where an address was
    known and nobody under it.
    """

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # empty: by the command
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    is_with_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    whose: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    position: Mapped[int] = mapped_column(default=0)  # the newest request that is done
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)  # requests
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        partial_index("uq_erasures_running", "person_id", unique=True, where="ended_at IS NULL"),
        partial_index("ix_erasures_unfinished", "id", where="ended_at IS NULL"),
    )


class PersonExport(Base):
    """A ZIP of what is kept about one person, made for one member of staff; it goes after a day.

    ``leased_until``: somebody makes it; broken off, it is made anew after that.
    """

    __tablename__ = "person_exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)  # requests
    done: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)  # bytes
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (partial_index("ix_person_exports_unfinished", "id", where="ended_at IS NULL"),)
