"""One try of a message: what is handed over, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.notify.telegram.claims import Claim
from app.notify.telegram.parts import Part


class Overtaken(Exception):
    """Nobody needs the message any more, or may read it."""


@dataclass(frozen=True)
class Written:
    """A message as it is to leave now: the part whose turn it is, and what all its words are."""

    part: Part
    text: str
    buttons: list[Any]
    ticket_id: int | None
    closing_at: datetime | None = None
    link: str = ""


@dataclass(frozen=True)
class Landed:
    """One try of a claimed message: Telegram's id of it, or what went wrong."""

    claim: Claim
    written: Written | None  # None: it could not be written
    at: datetime
    sent_id: int = 0
    trouble: Exception | None = None
