"""How customers judged a solution; a change of mind is a new row, the last one counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import Channel

LOW = 2  # and below: before the manager, and a complaint


class Rating(Base):
    """One word of a customer about a solution. The row that counts has no ``superseded_at``; one a solution has none.

    ``engineer_id`` is who had the request then. With ``complaint_id`` the engineer reads the figure, not the comment.
    """

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    solution_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    engineer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    value: Mapped[int] = mapped_column()  # 1 to 5
    comment: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[Channel] = mapped_column(words(Channel))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # a change of mind took its place
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))

    __table_args__ = (
        partial_index("uq_ratings_standing", "solution_id", unique=True, where="superseded_at IS NULL"),
        partial_index("ix_ratings_at", "at", "value", where="superseded_at IS NULL"),
        Index("ix_ratings_engineer", "engineer_id", "at"),
    )
