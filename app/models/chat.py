"""Telegram: chats with people, what came in from them as it came, and what the bot says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.person import Person
from app.models.staff import Staff
from app.models.words import DeliveryState


class Chat(Base):
    """One private chat; ``id`` is Telegram's. Until it is paired it shows nothing but what it brought itself.

    ``typed``: company, name, email and phone as typed here, proof of nothing. ``step``: what the bot asked last.
    ``draft``: the request being put together; it registers itself at ``registers_at``.
    """

    __tablename__ = "chats"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200), default="")  # as Telegram says; never a person's name
    language: Mapped[str] = mapped_column(String(8), default="ru")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    paired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paired_by: Mapped[str] = mapped_column(String(10), default="")  # contact, code, link
    typed: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    step: Mapped[str] = mapped_column(String(40), default="")
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    drafted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    registers_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    code_email: Mapped[str] = mapped_column(String(254), default="", server_default="")  # to which it was mailed
    code_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code_tries: Mapped[int] = mapped_column(default=0)
    codes_mailed: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # moments, newest last
    wishes: Mapped[dict[str, bool]] = mapped_column(JSON, default=dict)  # what a member of staff wants to hear
    blocked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    staff: Mapped[Staff | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (partial_index("ix_chats_registers", "registers_at", where="registers_at IS NOT NULL"),)


class ChatTicket(Base):
    """A chat that brought a request, and so may see and answer this one whoever it is paired with."""

    __tablename__ = "chat_tickets"

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)


class BotUpdate(Base):
    """One update of the Bot API, byte for byte; ``work_at`` as ``Letter.file_at``: null once it is done."""

    __tablename__ = "bot_updates"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # Telegram's update_id
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    album: Mapped[str | None] = mapped_column(String(40))  # media_group_id: such updates are one message
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # of what was sent; an edit of it has the same
    files: Mapped[int] = mapped_column(default=0, server_default="0")  # how many of them lie in the store
    raw: Mapped[str] = mapped_column(Text, deferred=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    work_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str] = mapped_column(String(40), default="")  # one word for what became of it
    error: Mapped[str] = mapped_column(Text, default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)  # to which its words went

    __table_args__ = (
        partial_index("ix_bot_updates_work", "work_at", "id", where="work_at IS NOT NULL"),
        partial_index("ix_bot_updates_chat", "chat_id", "id", where="work_at IS NOT NULL"),
        Index("ix_bot_updates_message", "chat_id", "message_id"),
    )


class BotMessage(Base):
    """One message of the bot; all that a chat is owed leaves in the order of ``id``.

    With ``delivery`` it is a notice: its words are written when it leaves. A message in several parts (a long text,
    files) is this row until its last part has left; ``parts_sent`` of them did, each a row of its own since then.
    """

    __tablename__ = "bot_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)  # what an answer to it is about
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[list[dict[str, str]]]] = mapped_column(JSON, default=list)  # rows of {text, data | url}
    keyboard: Mapped[list[list[dict[str, Any]]] | None] = mapped_column(JSON)  # rows of {text, contact?}; [] takes away
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    parts_sent: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_id: Mapped[int | None] = mapped_column(BigInteger)  # Telegram's message_id, known once it was accepted
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("chat_id", "sent_id"),
        Index("ix_bot_messages_chat", "chat_id", "id"),
        partial_index("ix_bot_messages_due", "next_attempt_at", "id", where="next_attempt_at IS NOT NULL"),
        partial_index("ix_bot_messages_owed", "chat_id", "id", where="next_attempt_at IS NOT NULL"),
    )
