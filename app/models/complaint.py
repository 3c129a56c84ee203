"""Complaints: cases of their own beside requests, kept from the engineer they name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import Channel, ComplaintEntryKind, ComplaintOrigin, ComplaintState


class Complaint(Base):
    """One case. Only the verbs of ``app.complaints`` write it, and what they do is a row of ``ComplaintEntry``.

    ``about_id``: whom it names, the request's engineer when it was opened; they see nothing of it. ``due_at``: by when
    an answer was promised. ``escalation_id``: the row before the manager that it opened; who saw it stands there.
    """

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalations.id"), index=True)
    origin: Mapped[ComplaintOrigin] = mapped_column(words(ComplaintOrigin))
    state: Mapped[ComplaintState] = mapped_column(words(ComplaintState), default=ComplaintState.OPEN)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    title: Mapped[str] = mapped_column(String(250), default="")  # the first words, for lists

    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(8), default="ru")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chats.id"))  # where it was said, and is answered
    # by a letter's link, a proven address, a chat or by phone; else whoever filled in the public form
    is_confirmed: Mapped[bool] = mapped_column(default=False, server_default=false())

    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the written outcome was sent
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # managers heard that it is late
    outcome: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it from the class
    __table_args__ = (
        Index("ix_complaints_ticket", "ticket_id", "id"),
        Index("ix_complaints_opened", "opened_at"),
        partial_index("ix_complaints_open", "due_at", "id", where="state = 'open'"),
        partial_index("ix_complaints_person", "person_id", where="person_id IS NOT NULL"),
        partial_index("ix_complaints_chat", "chat_id", where="chat_id IS NOT NULL"),
    )


class ComplaintEntry(Base):
    """What was said and done about a complaint, append-only but for ``erase``; not in the request's conversation."""

    __tablename__ = "complaint_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    kind: Mapped[ComplaintEntryKind] = mapped_column(words(ComplaintEntryKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    author: Mapped[str] = mapped_column(String(200), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    channel: Mapped[Channel | None] = mapped_column(words(Channel))
    text: Mapped[str] = mapped_column(Text, default="")
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), index=True)  # the customer's, where it was
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)  # ours to the customer
    bot_message_id: Mapped[int | None] = mapped_column(ForeignKey("bot_messages.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    intake_key: Mapped[str | None] = mapped_column(String(120), unique=True)  # the same letter or press twice is once


class ComplaintFile(Base):
    """A file of a complaint; it hangs on no request."""

    __tablename__ = "complaint_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("complaint_entries.id"), index=True)
    name: Mapped[str] = mapped_column(String(150))
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    storage_id: Mapped[str] = mapped_column(String(40), index=True)
    is_infected: Mapped[bool] = mapped_column(default=False, server_default=false())
