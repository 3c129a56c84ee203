"""Taking updates in: each is a committed row, as it came, before anybody looks what it is; twice is once."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app import clock, failpoint, outbox
from app.extensions import db, insert_into
from app.intake.telegram import reading
from app.models.chat import BotUpdate

log = logging.getLogger(__name__)

ALBUM_WAITS = timedelta(seconds=1.2)  # after its last part: Telegram does not say how many there are
_OTHER_BOT = 1 << 40  # added to an id that another update has
_MOST_BOTS = 1 << 20


@dataclass(frozen=True)
class Incoming:
    """One update as a road hands it over: its object and the text that it was."""

    update: dict[str, Any]
    raw: str

    @property
    def id(self) -> int | None:
        found = self.update.get("update_id")
        is_one = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < _OTHER_BOT
        return found if is_one else None


def from_list(updates: Iterable[dict[str, Any]]) -> list[Incoming]:
    """What getUpdates answered with."""
    return [Incoming(one, json.dumps(one, ensure_ascii=False, separators=(",", ":"))) for one in updates]


def store(updates: Iterable[Incoming]) -> int:
    """Commit them all and wake the bot; returns how many were new. When this returns, they are ours to keep."""
    at = clock.now()
    new = 0
    with outbox.transaction():
        for one in updates:
            if one.id is None:
                log.error("an update without an id was passed over: %.200s", one.raw)
            else:
                new += _keep(one, one.id, at)
        failpoint.reach("updates before commit")
    failpoint.reach("updates after commit")
    return new


def _keep(one: Incoming, update_id: int, at: datetime) -> bool:
    """One row; False where this very update is here already."""
    chat_id, album = reading.chat_of(one.update), reading.album_of(one.update)
    due_at = at + ALBUM_WAITS if album else at
    row = {"chat_id": chat_id, "album": album, "raw": _storable(one.raw), "received_at": at, "work_at": due_at}
    row["message_id"] = reading.message_of(one.update)
    # Another bot's updates (TELEGRAM_BOT_TOKEN was changed) count from elsewhere, and may meet ids of the first.
    for number in range(_MOST_BOTS):
        if _insert({**row, "id": update_id + number * _OTHER_BOT}):
            break
        if _is_same(update_id + number * _OTHER_BOT, one):
            return False
    if album:
        _wait_for_the_rest(chat_id, album, due_at)
    outbox.ring(outbox.TELEGRAM)
    return True


def _insert(values: dict[str, Any]) -> bool:
    row = {"attempts": 0, "outcome": "", "error": "", **values}
    made = db.session.execute(insert_into(BotUpdate).values(row).on_conflict_do_nothing().returning(BotUpdate.id))
    return made.first() is not None


def _is_same(update_id: int, one: Incoming) -> bool:
    raw = db.session.scalar(select(BotUpdate.raw).where(BotUpdate.id == update_id))
    return raw is not None and reading.load(raw) == reading.load(_storable(one.raw))


def _wait_for_the_rest(chat_id: int | None, album: str, due_at: datetime) -> None:
    """The parts that are here wait as long as this one."""
    db.session.execute(
        update(BotUpdate)
        .where(
            BotUpdate.chat_id == chat_id,
            BotUpdate.album == album,
            BotUpdate.work_at.is_not(None),
            BotUpdate.attempts == 0,
        )
        .values(work_at=due_at),
        execution_options={"synchronize_session": False},
    )


def _storable(raw: str) -> str:
    """A lone half of a character pair, which no database takes, stays an escape."""
    return "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in raw)
