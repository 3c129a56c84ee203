"""Letters as they came, byte for byte, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import LetterKind, LetterState

DISCARDED = "discarded"  # the error of a letter that a person has laid aside


class Letter(Base):
    """One received letter. ``file_at``: from when it may be filed (a lease moves it on); null once done."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    road: Mapped[str] = mapped_column(String(10))  # smtp, lmtp, pipe, imap
    mailbox: Mapped[str] = mapped_column(String(190), default="")
    uid_validity: Mapped[int | None] = mapped_column()
    uid: Mapped[int | None] = mapped_column()
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    envelope_from: Mapped[str] = mapped_column(String(254), default="")  # <> for the null sender
    envelope_to: Mapped[list[str]] = mapped_column(JSON, default=list)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    file_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)

    state: Mapped[LetterState] = mapped_column(words(LetterState), default=LetterState.RECEIVED)
    kind: Mapped[LetterKind] = mapped_column(words(LetterKind), default=LetterKind.HUMAN)
    signals: Mapped[list[str]] = mapped_column(JSON, default=list)
    error: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[str] = mapped_column(String(250), default="", index=True)
    body_hash: Mapped[str] = mapped_column(String(64), default="")
    duplicate_key: Mapped[str | None] = mapped_column(String(130), unique=True)  # null on copies and until parsed
    from_email: Mapped[str] = mapped_column(String(254), default="")
    from_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(250), default="")
    written_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # what its Date header claims: shown, never counted
    has_html: Mapped[bool | None] = mapped_column()  # null where nobody has looked
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    quoted: Mapped[str] = mapped_column(Text, default="", deferred=True)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
    # who else may belong to the request, shown to staff and never written to: {"email", "name", "how": cc or forwarded}
    others: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    copy_of_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # its bytes are gone: kept long enough, or a wish

    __table_args__ = (
        UniqueConstraint("mailbox", "uid_validity", "uid"),
        Index("ix_letters_from", "from_email", "id"),
        partial_index("ix_letters_file", "file_at", where="file_at IS NOT NULL"),
        partial_index("ix_letters_no_request", "received_at", where="erased_at IS NULL AND ticket_id IS NULL"),
        partial_index("ix_letters_of_request", "received_at", where="erased_at IS NULL AND ticket_id IS NOT NULL"),
        partial_index("ix_letters_undecided", "id", where="state IN ('quarantined', 'failed')"),
    )


class Mailbox(Base):
    """How far a connected mailbox was read; the watermark belongs to one UIDVALIDITY."""

    __tablename__ = "mailboxes"

    name: Mapped[str] = mapped_column(String(190), primary_key=True)  # user@host/folder, without the password
    uid_validity: Mapped[int] = mapped_column(default=0)
    last_uid: Mapped[int] = mapped_column(default=0)
    reading_began_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # of the last full, successful reading
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_mailboxes_reading", "reading_began_at"),)
