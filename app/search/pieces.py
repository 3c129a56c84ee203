"""Pieces of texts around what was looked for, parted into what is marked and what is not; nothing here is markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LENGTH = 200  # letters of a piece
_BEFORE = 60  # of them before the first mark
Parts = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Piece:
    """``parts``: the text in order, each with whether it is marked. ``worth``: how many of the words are in it."""

    parts: Parts
    worth: int


class Marker:
    """Finds the forms of the words of one search."""

    def __init__(self, forms: Sequence[set[str]]) -> None:
        self._words = {form: number for number, own in enumerate(forms) for form in own}
        every = sorted(self._words, key=len, reverse=True)
        joined = "|".join(map(re.escape, every))
        self._pattern = re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])") if every else None

    def marked(self, text: str) -> Parts:
        """The whole text."""
        text = _shown(text)
        return self._parts(text, 0, len(text))

    def piece(self, texts: Iterable[str]) -> tuple[int, Piece] | None:
        """The text that holds most of the words, by its place, and the piece of it around them; the first of equals."""
        best: tuple[int, Piece] | None = None
        for place, text in enumerate(texts):
            found = self._piece(text)
            if found and (best is None or found.worth > best[1].worth):
                best = place, found
        return best

    def _piece(self, text: str) -> Piece | None:
        text = " ".join(_shown(text).split())
        spans = [(found.start(), self._words[found[0]]) for found in self._found(text)]
        if not spans:
            return None
        start, worth = max(
            (
                (at, len({word for place, word in spans if at <= place < at + LENGTH - _BEFORE}))
                for at, _word in spans[:50]
            ),
            key=lambda window: window[1],
        )
        start = max(0, start - _BEFORE)
        start = text.rfind(" ", 0, start) + 1 if start else 0
        end = min(len(text), start + LENGTH)
        parts = self._parts(text, start, end)
        if start:
            parts.insert(0, ("…", False))
        if end < len(text):
            parts.append(("…", False))
        return Piece(parts, worth)

    def _parts(self, text: str, start: int, end: int) -> Parts:
        parts: Parts = []
        at = start
        for found in self._found(text):
            if start <= found.start() and found.end() <= end:
                if found.start() > at:
                    parts.append((text[at : found.start()], False))
                parts.append((text[found.start() : found.end()], True))
                at = found.end()
        if at < end:
            parts.append((text[at:end], False))
        return parts

    def _found(self, text: str) -> Iterable[re.Match[str]]:
        return self._pattern.finditer(_level(text)) if self._pattern else ()


def _shown(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _level(text: str) -> str:
    """Folded letter by letter: places in it are places in the text."""
    low = text.lower().replace("ё", "е")
    if len(low) == len(text):
        return low
    return "".join(small if len(small := char.lower()) == 1 else char for char in text).replace("ё", "е")
