"""Fetching what somebody sent, before the transaction that names it; what Telegram does not hand over is named."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from limits import parse
from sqlalchemy import func, select

from app import files
from app.bot_api import Client, Refused
from app.config import settings
from app.extensions import db
from app.files import StoredFile, TooLarge
from app.intake.telegram import reading
from app.intake.telegram.media import FileRef
from app.intake.telegram.reading import Reading
from app.models.chat import BotUpdate

MOST_BYTES = 20 << 20  # the Bot API's own limit for what it hands over
_BREATH = 10.0  # seconds between two signs of life


@dataclass
class Fetched:
    """What is on disk now, the names of what Telegram does not hand over, and how many there was no room for."""

    kept: list[StoredFile] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    too_many: int = 0


def new_ones(known: Reading) -> Sequence[FileRef]:
    """Of an edited message, the files that it did not have before."""
    same = (BotUpdate.chat_id == known.chat_id, BotUpdate.message_id == known.message_id, BotUpdate.work_at.is_(None))
    earlier = [reading.read(reading.load(raw)).files for raw in db.session.scalars(select(BotUpdate.raw).where(*same))]
    had = {file.file_id for files_before in earlier for file in files_before}
    return [file for file in known.files if file.file_id not in had]


def room(chat_id: int | None, at: datetime) -> int:
    """How many files may still come from a chat now: UPLOAD_LIMIT, as from an address that fills in the form."""
    limit = parse(settings().upload_limit)
    since = at - timedelta(seconds=limit.get_expiry())
    query = select(func.sum(BotUpdate.files)).where(BotUpdate.chat_id == chat_id, BotUpdate.received_at > since)
    return max(0, limit.amount - int(db.session.scalar(query) or 0))


def fetch(client: Client, wanted: Iterable[FileRef], alive: Callable[[], None], most: int) -> Fetched:
    """Fetch up to ``most`` files. ``alive`` is called every few seconds meanwhile.

    Raises Unreachable and RetryAfter: then it is tried again, as a whole.
    """
    fetched = Fetched()
    kept, too_large = fetched.kept, fetched.too_large
    for one in wanted:
        alive()
        if len(kept) >= most:
            fetched.too_many += 1
            continue
        if one.size > MOST_BYTES:
            too_large.append(files.clean_name(one.name))
            continue
        try:
            with client.file(one.file_id) as stream:
                kept.append(files.keep(cast(BinaryIO, _Breathing(stream, alive)), one.name, limit=MOST_BYTES))
        except (TooLarge, Refused):
            too_large.append(files.clean_name(one.name))
    return fetched


class _Breathing:
    """A stream whose reader says now and then that it is still reading."""

    def __init__(self, stream: BinaryIO, alive: Callable[[], None]) -> None:
        self._stream, self._alive = stream, alive
        self._next = time.monotonic() + _BREATH

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() > self._next:
            self._alive()
            self._next = time.monotonic() + _BREATH
        return self._stream.read(size)
