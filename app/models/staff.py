"""Engineers, managers and administrators, their sessions, and the tokens of programs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import names
from app.extensions import Base
from app.models.columns import UTCDateTime, words
from app.models.words import MANAGERS, Role


class Staff(Base):
    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(words(Role))
    password_hash: Mapped[str] = mapped_column(String(200), default="", deferred=True)
    is_disabled: Mapped[bool] = mapped_column(default=False)
    links_from: Mapped[datetime | None] = mapped_column(UTCDateTime)  # links to the bot made before it are void
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def is_manager(self) -> bool:
        return self.role in MANAGERS

    @property
    def surname(self) -> str:
        return names.surname(self.name) or self.email

    @property
    def initials(self) -> str:
        return names.initials(self.name)


class StaffSession(Base):
    """One signed-in browser; deleting the row signs it out everywhere it is used."""

    __tablename__ = "staff_sessions"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # sha256 of the key in the cookie
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    agent: Mapped[str] = mapped_column(String(200), default="")

    staff: Mapped[Staff] = relationship(lazy="raise_on_sql")


class Token(Base):
    """A program's key to the API; only its hash is kept. Made and revoked by command: by no member of staff.

    ``form_key``: of the form that asked for it, which sent again makes no second one. ``used_at``: to the hour.
    """

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[Role] = mapped_column(words(Role))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    form_key: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
