"""People who ask: known by address, then by phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index


class Person(Base):
    """One human outside the firm. ``email`` in lower case, ``phone`` in E.164; both null where unknown."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    position: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(8), default="ru")
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    is_confirmed: Mapped[bool] = mapped_column(default=False)  # the address is known to be theirs
    # staff, an import or Telegram vouch for the number
    is_phone_confirmed: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_contact: Mapped[bool] = mapped_column(default=False, server_default=false())  # may see the company's requests
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")  # «важно знать», for staff alone
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column()  # a row of this table; what is found here is that person
    links_from: Mapped[datetime | None] = mapped_column(UTCDateTime)  # links to the bot made before it are void
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # at their wish: nothing of them is left

    __table_args__ = (partial_index("ix_people_merged", "merged_into_id", where="merged_into_id IS NOT NULL"),)
