"""Notices on their way out: one row per event, recipient and channel; some letters stand alone, without a request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import DeliveryChannel, DeliveryState

ERASED = "erased-"
"""How the recipient of a notice begins whose address was erased: unlike any other, and nobody's."""

UNDELIVERED_AFTER = timedelta(minutes=30)
"""Tried in vain for so long, a notice puts its request on the list of customers to call."""


class Delivery(Base):
    """One notice to one recipient. ``message_id`` is fixed here before the first try and never changes.

    ``next_attempt_at``: null once nothing is owed. A lease is a ``next_attempt_at`` moved into the future. Of a notice
    in Telegram it is always null: what a chat is owed stands in its line of ``BotMessage``.
    A letter without a request (a code, a security notice) has no event and no ticket; ``data`` is what it tells.
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    notice: Mapped[str] = mapped_column(String(24))  # which letter: registered, solved, near …
    channel: Mapped[DeliveryChannel] = mapped_column(words(DeliveryChannel))
    recipient: Mapped[str] = mapped_column(String(254))
    is_for_customer: Mapped[bool] = mapped_column(default=True)
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState), default=DeliveryState.WAITING)
    message_id: Mapped[str] = mapped_column(String(250), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closing_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the moment of closing that the letter names
    is_escalated: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")

    __table_args__ = (
        UniqueConstraint("event_id", "recipient", "channel"),
        Index("ix_deliveries_recipient", "recipient", "tried_at"),
        partial_index("ix_deliveries_due", "next_attempt_at", where="next_attempt_at IS NOT NULL"),
        partial_index("ix_deliveries_registered", "tried_at", where="notice = 'registered'"),
        partial_index("ix_deliveries_undelivered", "ticket_id", where="state IN ('failed', 'bounced')"),
    )
