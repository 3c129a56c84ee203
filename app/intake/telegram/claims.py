"""Taking updates that are due: each chat's in their order, an album as one, by moving their moment on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import aliased, undefer

from app import clock, database, outbox
from app.extensions import db
from app.models.chat import BotUpdate

MOST_DEATHS = 5  # tries from which no worker came back
FARTHEST = timedelta(minutes=5)  # no update waits for longer: what says so is from before the clock was set back
LEASE = timedelta(seconds=30)  # so much a worker's death costs; whoever fetches files takes a new one on the way
_AT_ONCE = 20


@dataclass(frozen=True)
class Claim:
    """Updates that are ours until ``lease``: one, or the parts of an album, the oldest first."""

    ids: tuple[int, ...]
    lease: datetime

    @property
    def update_id(self) -> int:
        return self.ids[0]


@dataclass(frozen=True)
class Due:
    """An update that may be taken now, and the moment that says so."""

    id: int
    chat_id: int | None
    album: str | None
    work_at: datetime | None
    attempts: int
    error: str

    @property
    def is_deadly(self) -> bool:
        """Whether it was begun so often and none who began it lived to say what went wrong."""
        return self.attempts >= MOST_DEATHS and not self.error


def due() -> list[Due]:
    """The oldest first; nothing of a chat of which something earlier is not done.

    As for messages: compared with the first of its chat, which an index finds, however little PostgreSQL expects.
    """
    undone = aliased(BotUpdate)
    first = (
        select(undone.id)
        .where(undone.chat_id == BotUpdate.chat_id, undone.work_at.is_not(None))
        .order_by(undone.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            BotUpdate.id,
            BotUpdate.chat_id,
            BotUpdate.album,
            BotUpdate.work_at,
            BotUpdate.attempts,
            BotUpdate.error,
        )
        .where(_is_due(clock.now()), func.coalesce(first, BotUpdate.id) == BotUpdate.id)
        .order_by(BotUpdate.work_at, BotUpdate.id)
    )
    with database.reading():
        found = [Due(*row) for row in db.session.execute(query.limit(_AT_ONCE))]
        db.session.rollback()
    return found


def take(one: Due) -> Claim | None:
    """Take it, and what is there of its album; None when a colleague was faster."""
    at = clock.now()
    lease = at + LEASE
    which: ColumnElement[bool] = and_(BotUpdate.id == one.id, BotUpdate.work_at == one.work_at)
    if not _move(which, lease):
        outbox.take_back()
        return None
    ids = [one.id]
    if one.album:
        rest = and_(BotUpdate.chat_id == one.chat_id, BotUpdate.album == one.album, _is_due(at))
        rest = and_(rest, BotUpdate.work_at != lease)
        ids += _move(rest, lease)
    outbox.commit()
    return Claim(tuple(sorted(ids)), lease)


def renew(claim: Claim) -> Claim | None:
    """A new lease, for who is still at it; None when it was lost meanwhile."""
    lease = clock.now() + LEASE
    moved = db.session.execute(
        update(BotUpdate).where(*_ours(claim)).values(work_at=lease).returning(BotUpdate.id),
        execution_options={"synchronize_session": False},
    ).all()
    outbox.commit()
    return Claim(claim.ids, lease) if len(moved) == len(claim.ids) else None


def mine(claim: Claim) -> list[BotUpdate]:
    """The rows, done from now on, if the lease still holds; nobody can take them until this transaction ends."""
    held = db.session.execute(
        update(BotUpdate).where(*_ours(claim)).values(work_at=None).returning(BotUpdate.id),
        execution_options={"synchronize_session": False},
    ).all()
    return rows(claim) if len(held) == len(claim.ids) else []


def rows(claim: Claim) -> list[BotUpdate]:
    """The updates as they stand, with what came."""
    query = select(BotUpdate).where(BotUpdate.id.in_(claim.ids)).order_by(BotUpdate.id).options(undefer(BotUpdate.raw))
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def put_back(claim: Claim, pause: timedelta, error: str, *, is_counted: bool = True) -> None:
    """Due again after a pause; a try that failed by our own fault does not count."""
    spent = BotUpdate.attempts if is_counted else BotUpdate.attempts - 1
    db.session.execute(
        update(BotUpdate).where(*_ours(claim)).values(work_at=clock.now() + pause, attempts=spent, error=error[:1000]),
        execution_options={"synchronize_session": False},
    )
    outbox.commit()


def _is_due(at: datetime) -> ColumnElement[bool]:
    return or_(BotUpdate.work_at <= at, BotUpdate.work_at > at + FARTHEST)


def _move(which: ColumnElement[bool], lease: datetime) -> list[int]:
    moved = db.session.execute(
        update(BotUpdate)
        .where(which)
        .values(work_at=lease, attempts=BotUpdate.attempts + 1, error="")
        .returning(BotUpdate.id),
        execution_options={"synchronize_session": False},
    )
    return [row.id for row in moved]


def _ours(claim: Claim) -> list[ColumnElement[bool]]:
    return [BotUpdate.id.in_(claim.ids), BotUpdate.work_at == claim.lease]
