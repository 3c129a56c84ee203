"""How far somebody has read a request."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class ReadMark(Base):
    """One for each member of staff who opened an open request, or was called to it; gone when it is closed.

    Ids of messages: ``seen_id`` the newest that their page has shown, ``called_id`` the last that was written to them.
    """

    __tablename__ = "read_marks"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    seen_id: Mapped[int] = mapped_column(default=0, server_default="0")
    called_id: Mapped[int] = mapped_column(default=0, server_default="0")
