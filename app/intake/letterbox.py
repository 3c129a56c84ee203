"""Taking letters in: the bytes as they came are a committed row before anybody looks inside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from app import clock, failpoint, outbox
from app.config import settings
from app.extensions import db
from app.intake.mime.addresses import MAX_LENGTH
from app.intake.mime.limits import MAX_HEADER_BYTES, header_block
from app.intake.mime.text import clean_line
from app.models.letter import Letter

TOO_LARGE = "too large"  # the signal of a letter of which only the header was kept
UNFETCHABLE = "unfetchable"  # of one that its mailbox does not hand out
_CHUNK = 1 << 16


class Gathering:
    """A letter on its way in, hashed as it comes; over ``limit`` bytes only its header is kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._digest = hashlib.sha256()
        self._pieces: list[bytes] = []
        self.size = 0

    def add(self, piece: bytes) -> None:
        self._digest.update(piece)
        is_over = self.size > self._limit
        self.size += len(piece)
        if self.size <= self._limit:
            self._pieces.append(piece)
        elif not is_over:
            self._pieces = [header_block(b"".join([*self._pieces, piece])[: MAX_HEADER_BYTES + 4])]

    @property
    def raw(self) -> bytes:
        return b"".join(self._pieces)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


@dataclass(frozen=True)
class Incoming:
    """A letter as a road hands it over. ``size``: of the whole letter, also where only its header was kept."""

    road: str
    raw: bytes
    sha256: str
    size: int
    received_at: datetime
    envelope_from: str | None = None
    envelope_to: list[str] = field(default_factory=list)
    mailbox: str = ""
    uid_validity: int | None = None
    uid: int | None = None
    is_unfetchable: bool = False

    def row(self) -> Letter:
        """The row to be committed; due for filing from now on. A null sender is kept as `<>`, an unknown one as ''."""
        return Letter(
            road=self.road,
            mailbox=self.mailbox,
            uid_validity=self.uid_validity,
            uid=self.uid,
            raw=self.raw,
            size=self.size,
            sha256=self.sha256,
            envelope_from="<>" if self.envelope_from == "" else _address(self.envelope_from or ""),
            envelope_to=[_address(recipient) for recipient in self.envelope_to],
            received_at=self.received_at,
            file_at=self.received_at,
            signals=self._signals(),
        )

    def _signals(self) -> list[str]:
        if self.is_unfetchable:
            return [UNFETCHABLE]
        return [TOO_LARGE] if self.size > len(self.raw) else []


def _address(given: str) -> str:
    """What a mail server says of the envelope, as far as a row can hold it."""
    return clean_line(given)[:MAX_LENGTH]


def gather(stream: BinaryIO) -> Gathering:
    """Read a letter to its end."""
    gathering = Gathering(letter_limit())
    while piece := stream.read(_CHUNK):
        gathering.add(piece)
    return gathering


def letter_limit() -> int:
    """MAX_LETTER_MB in bytes."""
    return settings().max_letter_mb << 20


def store(raw: bytes, road: str, *, envelope_from: str | None = None, envelope_to: Iterable[str] = ()) -> Letter:
    """Commit one letter and ring for its filing; when this returns, the letter is ours to keep."""
    gathering = Gathering(letter_limit())
    gathering.add(raw)
    return store_all([incoming(gathering, road, envelope_from=envelope_from, envelope_to=list(envelope_to))])[0]


def incoming(
    gathering: Gathering, road: str, *, envelope_from: str | None = None, envelope_to: list[str] | None = None
) -> Incoming:
    """A gathered letter that reached us now."""
    return Incoming(
        road=road,
        raw=gathering.raw,
        sha256=gathering.sha256,
        size=gathering.size,
        received_at=clock.now(),
        envelope_from=envelope_from,
        envelope_to=envelope_to or [],
    )


def store_all(letters: Iterable[Incoming]) -> list[Letter]:
    """Commit several letters at once: one wait for the disk for all of them."""
    rows = [letter.row() for letter in letters]
    db.session.add_all(rows)
    outbox.ring(outbox.INBOX)
    failpoint.reach("letter before commit")
    outbox.commit()
    failpoint.reach("letter after commit")
    return rows
