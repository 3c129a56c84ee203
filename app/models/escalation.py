"""What needs the manager: one open row per request and cause, and per engineer whom complaints name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import Cause, Handling


class Escalation(Base):
    """Opened by a rule or a customer; ``subject`` names the part of the system where no request is concerned.

    It waits for somebody while it is not resolved and nobody watches it: ``watched_until`` is empty or has passed.
    """

    __tablename__ = "escalations"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    cause: Mapped[Cause] = mapped_column(words(Cause))
    subject: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # whom a complaint names: hidden from them
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the first time: who saw it, and when
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    watched_since: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the last time it was acknowledged
    watched_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # reminders stop until then, unless resolved
    watched_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # empty: it passed by itself
    resolution: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        partial_index(
            "uq_escalations_open",
            "ticket_id",
            "cause",
            unique=True,
            where="resolved_at IS NULL AND ticket_id IS NOT NULL AND about_id IS NULL",
        ),
        partial_index(  # a complaint about another of the request's engineers is a row of its own: others may read it
            "uq_escalations_open_about",
            "ticket_id",
            "cause",
            "about_id",
            unique=True,
            where="resolved_at IS NULL AND ticket_id IS NOT NULL AND about_id IS NOT NULL",
        ),
        partial_index(
            "uq_escalations_open_system", "subject", unique=True, where="resolved_at IS NULL AND ticket_id IS NULL"
        ),
        partial_index("ix_escalations_open", "opened_at", where="resolved_at IS NULL"),
        partial_index("ix_escalations_log", "resolved_at", "id", where="resolved_at IS NOT NULL"),
        partial_index("ix_escalations_log_cause", "cause", "resolved_at", "id", where="resolved_at IS NOT NULL"),
        partial_index("ix_escalations_seen", "acknowledged_at", where="acknowledged_at IS NOT NULL"),
    )


class EscalationAct(Base):
    """One thing that a person did about an escalation; never changed, never removed."""

    __tablename__ = "escalation_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"), index=True)
    kind: Mapped[Handling] = mapped_column(words(Handling))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text, default="")


class ThresholdChange(Base):
    """A manager set when requests come before them; the last row of a name holds, an empty value is the setting's."""

    __tablename__ = "threshold_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), index=True)
    seconds: Mapped[int | None] = mapped_column()
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
