"""A code mailed to a company's contact person, until it is typed or runs out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime


class ContactCode(Base):
    """One code an address. The code itself is kept nowhere: the letter works it out again from ``nonce``."""

    __tablename__ = "contact_codes"

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
