"""What the desk knows of its own running: the series of numbers, heartbeats and sweeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime


class NumberSeries(Base):
    """How many numbers of each length were given out; ``key`` shuffles them and never changes."""

    __tablename__ = "number_series"

    length: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # digits, the check digit among them
    used: Mapped[int] = mapped_column(default=0)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class Heartbeat(Base):
    """A living process says so here; a silent one is a matter for the manager."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Sweep(Base):
    """When each periodic job last ended, so that a stalled one is noticed and run by the clock itself."""

    __tablename__ = "sweeps"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")


class Answered(Base):
    """Answers given to programs by Idempotency-Key, so that a repeated call gets the same one."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)  # token id and the caller's key
    request_hash: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
