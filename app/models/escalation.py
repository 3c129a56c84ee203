"""What needs the manager: one open row per request and cause."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import Cause


class Escalation(Base):
    """Opened by a rule or a customer; ``subject`` names the part of the system where no request is concerned."""

    __tablename__ = "escalations"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    cause: Mapped[Cause] = mapped_column(words(Cause))
    subject: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    resolution: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        partial_index(
            "uq_escalations_open",
            "ticket_id",
            "cause",
            unique=True,
            where="resolved_at IS NULL AND ticket_id IS NOT NULL",
        ),
        partial_index(
            "uq_escalations_open_system", "subject", unique=True, where="resolved_at IS NULL AND ticket_id IS NULL"
        ),
        partial_index("ix_escalations_open", "opened_at", where="resolved_at IS NULL"),
    )
