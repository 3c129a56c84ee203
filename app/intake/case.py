"""The case of one letter: all that is known of it when its place is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from app.files import StoredFile
from app.intake import quotes
from app.intake.correspondence import desk_of
from app.intake.mime.letter import ParsedLetter
from app.intake.senders import Sender
from app.intake.threading import Thread
from app.models.letter import Letter

AGAIN = "again"  # the signal of a letter that is filed once more, by hand


@dataclass(frozen=True)
class Case:
    """One letter to be placed: its row, what is in it, who wrote it, and the request it belongs to, if any."""

    letter: Letter
    parsed: ParsedLetter
    who: Sender
    kept: list[StoredFile]
    thread: Thread
    stamp: str  # what our own mail server says of the sender by DMARC; empty where it says nothing

    @property
    def key(self) -> str:
        return f"letter:{self.letter.id}" + (":again" if AGAIN in self.letter.signals else "")

    def cut(self) -> str:
        """The new words; the rest is kept as quoted."""
        self.letter.text, self.letter.quoted = quotes.cut(self.parsed.text, desk_of(self.thread.ticket))
        return self.letter.text
