"""Working calendars by name, as the file format describes them, and every version that there was of each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, words


class CalendarRecord(Base):
    """A calendar's file. Importing a name again replaces it for promises to come; given promises stay."""

    __tablename__ = "calendars"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    spec: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Years of the production calendar as they were read; "" follows the shipped file.
    production: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarChange(StrEnum):
    """``data`` of a version holds ``days`` (dates), ``from`` (a version or a calendar's name) or ``years``."""

    SHIPPED = auto()
    MADE = auto()
    WEEK = auto()
    DAYS = auto()
    IMPORTED = auto()
    RESTORED = auto()
    DECREED = auto()  # years of the production calendar were read


class CalendarVersion(Base):
    """A calendar as it was from ``at`` on; append-only."""

    __tablename__ = "calendar_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar: Mapped[str] = mapped_column(ForeignKey("calendars.name", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column()
    spec: Mapped[dict[str, Any]] = mapped_column(JSON)
    production: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[CalendarChange] = mapped_column(words(CalendarChange))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (UniqueConstraint("calendar", "version", name="uq_calendar_versions_calendar"),)
