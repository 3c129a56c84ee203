"""Addresses from which our letters came back: how often, and until when we write nothing there by ourselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime


class BouncingAddress(Base):
    """One address, in lower case. ``score``: 1 for a soft bounce, 2 for a hard one, since the last quiet month."""

    __tablename__ = "bouncing_addresses"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    score: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(20), default="")  # of the last bounce, as RFC 3463 has it: 5.1.1
    bounced_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stopped_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
