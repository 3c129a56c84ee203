"""Who waits for whom on PostgreSQL where no row can be locked; on SQLite writers queue anyway."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import func, select

from app.extensions import db


class Lock(IntEnum):
    """What one transaction at a time may do. The numbers are the database's own."""

    DRAIN = 482_173  # events become deliveries in the order in which they happened
    PAGES = 482_174
    ADMINISTRATORS = 482_175  # who may step down
    ROSTER = 482_176


def wait_for(lock: Lock | str) -> None:
    """Until whoever has the lock commits; then it is ours until our own commit. A text: the lock of that subject."""
    if db.session.get_bind().dialect.name == "postgresql":
        key = lock.value if isinstance(lock, Lock) else func.hashtext(lock)
        db.session.execute(select(func.pg_advisory_xact_lock(key)))
