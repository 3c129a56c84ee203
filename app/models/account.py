"""How members of staff come by a password, and what proves them besides it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, words


class LinkKind(StrEnum):
    INVITATION = auto()
    RESET = auto()


class AccountLink(Base):
    """A mailed link that sets a password, once. Only a hash of its secret part is kept."""

    __tablename__ = "account_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(words(LinkKind))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SecondFactor(Base):
    """An app that shows codes (TOTP, RFC 6238). Its secret is derived from SECRET_KEY and ``nonce``: kept nowhere.

    Before ``confirmed_at`` it is only being set up. ``last_step``: the newest good code: none is good twice.
    """

    __tablename__ = "second_factors"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    nonce: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    recovery_hashes: Mapped[list[str]] = mapped_column(JSON, default=list)
    misses: Mapped[int] = mapped_column(default=0)
    missed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
