"""How an address takes our letters: soft and hard bounces are counted, and what we write by ourselves stops in time.

A colleague's own letter is sent whatever the count says; they are warned beside the field in which they write it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.extensions import db, insert_into
from app.models.bouncing import BouncingAddress

SOFT, HARD = 1, 2
STOP_AT = 4
RESET_AFTER = timedelta(days=30)
NO_SUCH_USER, NO_SUCH_USER_FOR = "5.1.1", timedelta(days=60)
_FULL, _POLICY = "5.2.2", "5.7."


def weight(status: str) -> int:
    """Of a letter that came back. A full mailbox and a policy may be another tomorrow; no status at all is hard."""
    if status == _FULL or status.startswith(("4", _POLICY)):
        return SOFT
    return HARD


def count(address: str, status: str, points: int, at: datetime) -> None:
    """Count one bounce, inside the caller's transaction; ``points`` 0 counts nothing."""
    if points <= 0:
        return
    one = _of(address.strip().lower(), at)
    if at - one.bounced_at > RESET_AFTER:
        one.score = 0
    one.score, one.status, one.bounced_at = one.score + points, status[:20], at
    until = one.stopped_until
    if status == NO_SUCH_USER:
        until = max(filter(None, (until, at + NO_SUCH_USER_FOR)))
    elif one.score >= STOP_AT:
        until = max(filter(None, (until, at + RESET_AFTER)))
    one.stopped_until = until
    db.session.flush()


def stopped(address: str, at: datetime) -> BouncingAddress | None:
    """The address, if letters that nobody wrote by hand must not go there now."""
    query = select(BouncingAddress).where(
        BouncingAddress.address == address.strip().lower(), BouncingAddress.stopped_until > at
    )
    return db.session.scalars(query, execution_options={"populate_existing": True}).first()


def forgive(address: str) -> None:
    """A person knows that it works again: from now on as if nothing had ever come back."""
    db.session.execute(delete(BouncingAddress).where(BouncingAddress.address == address.strip().lower()))


def _of(address: str, at: datetime) -> BouncingAddress:
    """Its row, locked; made if there is none. Two reports at once make one row."""
    fresh = {"address": address, "score": 0, "status": "", "bounced_at": at, "stopped_until": None}
    db.session.execute(insert_into(BouncingAddress).values(fresh).on_conflict_do_nothing())
    query = select(BouncingAddress).where(BouncingAddress.address == address).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()
