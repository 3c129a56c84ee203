"""Verbs of the manager's own wordings: keep, forget."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from app.actor import Actor
from app.extensions import db
from app.models.mail_template import MailTemplate


def keep(notice: str, language: str, subject: str, text: str, by: Actor, at: datetime) -> None:
    """From now on that kind of letter is worded so; the last of two managers at once is the one that counts."""
    build = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    changed = {"subject": subject, "text": text, "updated_at": at, "updated_by_id": by.staff_id}
    row = build(MailTemplate).values(notice=notice, language=language, **changed)
    db.session.execute(row.on_conflict_do_update(index_elements=["notice", "language"], set_=changed))


def forget(notice: str, language: str) -> None:
    """As the desk came."""
    db.session.execute(
        delete(MailTemplate).where(MailTemplate.notice == notice, MailTemplate.language == language),
        execution_options={"synchronize_session": False},
    )
