"""What was said on a request, by whom, and the files that came with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import Channel, MessageKind


class Message(Base):
    """One contribution to a request. ``visible_at``: outsiders see it from then on (UNDO_SEND)."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[MessageKind] = mapped_column(words(MessageKind))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    author: Mapped[str] = mapped_column(String(200), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    text: Mapped[str] = mapped_column(Text)
    quoted: Mapped[str] = mapped_column(Text, default="")  # the cut tail of a letter, folded on the page
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    visible_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recalled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    intake_key: Mapped[str | None] = mapped_column(String(120))

    files: Mapped[list[Attachment]] = relationship(
        back_populates="message", order_by="Attachment.id", lazy="raise_on_sql"
    )

    __table_args__ = (
        UniqueConstraint("channel", "intake_key"),
        Index("ix_messages_ticket", "ticket_id", "id"),
        partial_index("ix_messages_person", "person_id", "ticket_id", where="person_id IS NOT NULL"),
    )

    def is_public(self, at: datetime) -> bool:
        """Whether the customer may read it at that moment; notes never."""
        return self.kind is not MessageKind.NOTE and self.recalled_at is None and self.visible_at <= at


class Attachment(Base):
    """A file of a message; its bytes lie under ``storage_id`` in the store of ``app.files``."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    name: Mapped[str] = mapped_column(String(150))
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    storage_id: Mapped[str] = mapped_column(String(40), index=True)
    content_id: Mapped[str] = mapped_column(String(250), default="")
    is_infected: Mapped[bool] = mapped_column(default=False)

    message: Mapped[Message] = relationship(back_populates="files", lazy="raise_on_sql")


class Upload(Base):
    """A file chosen before its message was sent; bound to the session that brought it, swept after a day."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)  # 128 random bits
    session_key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(150))
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    storage_id: Mapped[str] = mapped_column(String(40))
    is_infected: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
