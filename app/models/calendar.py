"""Working calendars by name, as the file format describes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime


class CalendarRecord(Base):
    """A calendar's file. Importing a name again replaces it for promises to come; given promises stay."""

    __tablename__ = "calendars"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    spec: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
