"""History: one row a change, append-only; a row that is not drained yet is the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import ActorKind, Channel, EventKind


class Event(Base):
    """Who did what, when, by which channel. Written by ``outbox.record`` alone; only ``drain_at`` ever changes.

    One verb, ``app.tickets.erase``, takes names and texts out of it, and leaves a row of its own.

    ``drain_at``: from when notices may be derived from it; null once they were.
    """

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[EventKind] = mapped_column(words(EventKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_kind: Mapped[ActorKind] = mapped_column(words(ActorKind))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    channel: Mapped[Channel | None] = mapped_column(words(Channel))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    drain_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index("ix_events_ticket", "ticket_id", "id"),
        partial_index("ix_events_drain", "drain_at", where="drain_at IS NOT NULL"),
    )
