"""What the desk keeps for a time only: robots' letters, originals of old requests, what came from chats as it came.

The words and files of a request are no part of this: they stay with it. Of a letter its row stays, with what was
decided and by which signals, so that a copy that comes late is still known as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, not_, or_, select, update

from app import alarms, outbox
from app.config import settings
from app.extensions import db
from app.models.chat import BotUpdate
from app.models.letter import DISCARDED, Letter
from app.models.running import Sweep
from app.models.ticket import Ticket
from app.models.words import LetterKind, LetterState

BATCH = 200  # of each kind in one go: should the clock be wrong, little is gone before somebody sees it
_NOTHING_LEFT: dict[str, Any] = {"raw": b"", "has_html": False}
_NO_WORDS_LEFT: dict[str, Any] = {**_NOTHING_LEFT, "text": "", "quoted": "", "files": [], "others": []}
_NO_NAMES_LEFT: dict[str, Any] = {
    "envelope_from": "", "envelope_to": [], "from_email": "", "from_name": "", "subject": "", "message_id": "",
}  # fmt: skip


@dataclass(frozen=True)
class Outdated:
    """How many of each there are: letters of robots or laid aside, originals of requests, updates of the bot."""

    robots: int = 0
    originals: int = 0
    updates: int = 0
    letters_sent: int = 0  # files of letters that were kept instead of sent

    @property
    def total(self) -> int:
        return self.robots + self.originals + self.updates + self.letters_sent


def count(at: datetime) -> Outdated:
    """What is kept longer than the settings say; nothing is touched."""
    return Outdated(
        robots=_count(Letter.id, _robots(at)),
        originals=_count(Letter.id, _originals(at)),
        updates=_count(BotUpdate.id, _updates(at)),
        letters_sent=len(_letters_sent(at)),
    )


def tidy(at: datetime) -> None:
    """Erase what is outdated, unless the clock has just jumped: then everything may look old."""
    last, jump = (db.session.get(Sweep, name, populate_existing=True) for name in (alarms.NAME, alarms.AFTER))
    has_stood = last is None or at - last.ended_at > alarms.JUMP
    is_held = jump is not None and at < jump.ended_at + alarms.AFTER_JUMP
    db.session.rollback()
    if not (has_stood or is_held):
        sweep(at)


def sweep(at: datetime) -> Outdated:
    """Erase up to BATCH of each; safe to run twice at once. What waits for a decision of people is never touched."""
    with outbox.transaction():
        robots = _erase(_robots(at), _NO_WORDS_LEFT, at)
        originals = _erase(_originals(at), _NOTHING_LEFT, at)
        updates = _forget(_updates(at))
    files = _letters_sent(at)[:BATCH]
    for path in files:
        path.unlink(missing_ok=True)
    return Outdated(robots, originals, updates, len(files))


def erase_letters(ids: Sequence[int], at: datetime) -> None:
    """These letters hold nobody's words, names or addresses any more; the same letter come late is still known."""
    shorn: dict[str, Any] = {**_NO_WORDS_LEFT, **_NO_NAMES_LEFT, "erased_at": func.coalesce(Letter.erased_at, at)}
    rows = update(Letter).where(Letter.id.in_(ids))
    for statement in (rows.values(shorn), rows.where(Letter.error != DISCARDED).values(error="")):
        db.session.execute(statement, execution_options={"synchronize_session": False})


def _robots(at: datetime) -> Sequence[ColumnElement[bool]]:
    """Nobody's letters: robots' that found no request, and what a person has laid aside."""
    return (
        *_kept_since(at, settings().keep_robots),
        Letter.ticket_id.is_(None),
        or_(Letter.error == DISCARDED, not_(_is_undecided()) & (Letter.kind != LetterKind.HUMAN)),
    )


def _originals(at: datetime) -> Sequence[ColumnElement[bool]]:
    """Bytes of letters whose words and files stand in a request, once that is closed."""
    is_open = exists().where(Ticket.id == Letter.ticket_id, Ticket.is_active.is_(True))
    return (*_kept_since(at, settings().keep_originals), Letter.ticket_id.is_not(None), ~is_open)


def _updates(at: datetime) -> Sequence[ColumnElement[bool]]:
    return (*_before(BotUpdate.received_at, at, settings().keep_robots), BotUpdate.work_at.is_(None))


def _is_undecided() -> ColumnElement[bool]:
    return Letter.state.in_((LetterState.RECEIVED, LetterState.QUARANTINED, LetterState.FAILED))


def _kept_since(at: datetime, keep: timedelta | None) -> Sequence[ColumnElement[bool]]:
    return (Letter.erased_at.is_(None), Letter.file_at.is_(None), *_before(Letter.received_at, at, keep))


def _before(moment: Any, at: datetime, keep: timedelta | None) -> Sequence[ColumnElement[bool]]:
    """``keep``: None is for ever."""
    return (moment < at - keep,) if keep is not None else (moment.is_(None),)


def _count(what: Any, which: Sequence[ColumnElement[bool]]) -> int:
    return db.session.scalar(select(func.count(what)).where(*which)) or 0


def _erase(which: Sequence[ColumnElement[bool]], values: dict[str, Any], at: datetime) -> int:
    oldest = select(Letter.id).where(*which).order_by(Letter.received_at).limit(BATCH)
    ids = list(db.session.scalars(oldest.with_for_update(skip_locked=True)))
    if ids:
        db.session.execute(
            update(Letter).where(Letter.id.in_(ids)).values(erased_at=at, **values),
            execution_options={"synchronize_session": False},
        )
    return len(ids)


def _forget(which: Sequence[ColumnElement[bool]]) -> int:
    oldest = select(BotUpdate.id).where(*which).order_by(BotUpdate.received_at).limit(BATCH)
    ids = list(db.session.scalars(oldest.with_for_update(skip_locked=True)))
    if ids:
        db.session.execute(
            delete(BotUpdate).where(BotUpdate.id.in_(ids)), execution_options={"synchronize_session": False}
        )
    return len(ids)


def _letters_sent(at: datetime) -> list[Path]:
    """Only while no MAIL_SERVER is set do letters become files."""
    keep, folder = settings().keep_robots, settings().kept_mail_dir
    if keep is None:
        return []
    oldest = (at - keep).timestamp()
    return [path for path in sorted(folder.glob("*")) if path.is_file() and path.stat().st_mtime < oldest]
