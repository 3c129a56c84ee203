"""Fetching what somebody sent, before the transaction that names it; what Telegram does not hand over is named."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import BinaryIO, cast

from app import files
from app.bot_api import Client, Refused
from app.files import StoredFile, TooLarge
from app.intake.telegram.media import FileRef

MOST_BYTES = 20 << 20  # the Bot API's own limit for what it hands over
_BREATH = 10.0  # seconds between two signs of life


def fetch(client: Client, wanted: Iterable[FileRef], alive: Callable[[], None]) -> tuple[list[StoredFile], list[str]]:
    """What is on disk now, and the names of what does not come. ``alive`` is called every few seconds meanwhile.

    Raises Unreachable and RetryAfter: then it is tried again, as a whole.
    """
    kept: list[StoredFile] = []
    too_large: list[str] = []
    for one in wanted:
        alive()
        if one.size > MOST_BYTES:
            too_large.append(files.clean_name(one.name))
            continue
        try:
            with client.file(one.file_id) as stream:
                kept.append(files.keep(cast(BinaryIO, _Breathing(stream, alive)), one.name, limit=MOST_BYTES))
        except (TooLarge, Refused):
            too_large.append(files.clean_name(one.name))
    return kept, too_large


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
