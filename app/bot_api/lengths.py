"""Lengths as Telegram counts them, in UTF-16 code units, and texts cut at words to fit."""

from __future__ import annotations

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
_BREAKS = ("\n\n", "\n", ". ", " ")  # where a cut hurts least, the best first


def length(text: str) -> int:
    """Code units: a letter is one, most emoji are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, most: int = LONGEST_TEXT) -> list[str]:
    """Pieces of at most ``most`` units that follow each other, cut between words wherever there are any."""
    pieces = []
    rest = text.strip()
    while length(rest) > most:
        cut = _cut(rest, most)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _cut(text: str, most: int) -> int:
    """Where to cut: at the best break in the last half that fits, else wherever it still fits."""
    end = _fitting(text, most)
    for mark in _BREAKS:
        at = text.rfind(mark, end // 2, end)
        if at > 0:
            return at + len(mark)
    return end if not text[end - 1].isspace() else max(1, len(text[:end].rstrip()))


def _fitting(text: str, most: int) -> int:
    """How many characters fit."""
    units = 0
    for number, char in enumerate(text):
        units += 2 if ord(char) > 0xFFFF else 1
        if units > most:
            return max(1, number)
    return len(text)
