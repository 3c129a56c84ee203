"""Verbs of the manager's own wordings: keep, forget."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from app.actor import Actor
from app.extensions import db, insert_into
from app.models.mail_template import MailTemplate


def keep(notice: str, language: str, subject: str, text: str, by: Actor, at: datetime) -> None:
    """From now on that kind of letter is worded so; the last of two managers at once is the one that counts."""
    changed = {"subject": subject, "text": text, "updated_at": at, "updated_by_id": by.staff_id}
    row = insert_into(MailTemplate).values(notice=notice, language=language, **changed)
    db.session.execute(row.on_conflict_do_update(index_elements=["notice", "language"], set_=changed))


def forget(notice: str, language: str) -> None:
    """As the desk came."""
    db.session.execute(
        delete(MailTemplate).where(MailTemplate.notice == notice, MailTemplate.language == language),
        execution_options={"synchronize_session": False},
    )
