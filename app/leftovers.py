"""What nobody will ask for again: files never sent go after a day, the rest by rules of their own."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from app import call_drafts, clock, files, outbox, reply_drafts, retention
from app.extensions import db
from app.models.bulk_act import BulkAct
from app.models.message import Upload

KEPT_FOR = timedelta(days=1)
BATCH = 500


def sweep() -> int:
    """Forget up to BATCH old uploads; returns how many. One that a form is just taking over is left to it.

    What is kept for longer, but not for ever, goes on the same occasion.
    """
    retention.tidy(clock.now())
    old = (
        select(Upload.id)
        .where(Upload.created_at < clock.now() - KEPT_FOR)
        .order_by(Upload.created_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with outbox.transaction():
        call_drafts.tidy(clock.now())
        reply_drafts.tidy(clock.now())
        db.session.execute(delete(BulkAct).where(BulkAct.at < clock.now() - KEPT_FOR))
        ids = list(db.session.scalars(old))
        gone = delete(Upload).where(Upload.id.in_(ids)).returning(Upload.storage_id)
        storage_ids = list(db.session.scalars(gone)) if ids else []
    # The rows go first: should the power fail here, a file without a row is left, never a row without its file.
    files.forget(storage_ids)
    return len(storage_ids)
