"""A call that is being written down: its words, and the number that the caller has heard already."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime


class CallDraft(Base):
    """One unfinished call of one member of staff; it goes when its request is registered or the call comes to nothing.

    ``key`` is that of the form, so that its request is registered once.
    """

    __tablename__ = "call_drafts"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    phone: Mapped[str] = mapped_column(String(60), default="")  # by which the caller was looked for
    number: Mapped[str] = mapped_column(String(12), unique=True)
    fields: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # as typed
    stated_at: Mapped[datetime] = mapped_column(UTCDateTime)  # from when the deadline counts that is read aloud
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index("ix_call_drafts_staff_saved", "staff_id", "saved_at"),
        Index("ix_call_drafts_saved", "saved_at"),
    )
