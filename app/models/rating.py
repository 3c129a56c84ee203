"""How customers judged a solution; a change of mind is a new row, the last one counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, words
from app.models.words import Channel


class Rating(Base):
    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    solution_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    engineer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    value: Mapped[int] = mapped_column()  # 1 to 5
    comment: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[Channel] = mapped_column(words(Channel))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
