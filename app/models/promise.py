"""The promise ledger: every deadline that was ever stated, and in whose court the ball was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import Holder, PromiseKind, Urgency


class Promise(Base):
    """One stated deadline. Kind, moment, basis and sentence are never rewritten; the rest is filled in once.

    Only an engineer's own words in it may go, by ``app.tickets.erase``.
    """

    __tablename__ = "promises"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[PromiseKind] = mapped_column(words(PromiseKind))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(Text)
    why_public: Mapped[str] = mapped_column(Text)  # the same without the contract's number
    provisional: Mapped[bool] = mapped_column(default=False)
    urgency: Mapped[Urgency] = mapped_column(words(Urgency), server_default=Urgency.NORMAL.value)  # as the basis has it
    reason: Mapped[str | None] = mapped_column(Text)  # why it took its predecessor's place
    near_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("promises.id"))
    kept: Mapped[bool | None] = mapped_column()
    judged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index("ix_promises_ticket", "ticket_id", "id"),
        Index("ix_promises_due", "due_at"),
        # What was kept and broken, and what is still open, without the long rows.
        partial_index("ix_promises_judged", "due_at", "kind", "urgency", "kept", "ticket_id", where="kept IS NOT NULL"),
        partial_index("ix_promises_judged_at", "judged_at", "kind", "kept", where="kept IS NOT NULL"),
        partial_index(
            "ix_promises_open",
            *("due_at", "kind", "near_at", "ticket_id"),
            where="kept IS NULL AND superseded_at IS NULL",
        ),
    )


class Holding(Base):
    """A span of time in which one side held the ball; every figure of every report is a sum over these."""

    __tablename__ = "holdings"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    holder: Mapped[Holder] = mapped_column(words(Holder))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")  # of a third party: who, and why
    look_again_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_holdings_ticket", "ticket_id", "id"),)
