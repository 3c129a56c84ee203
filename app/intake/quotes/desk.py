"""How a quote shows that it repeats our own correspondence: addresses, the number in a subject, our letters' edges."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

MARKER = "Ответьте выше этой строки"
MARKER_EN = "Reply above this line"
# The last line of our letters; what stands below it is not ours.
FOOTER = "Руководитель HelpDesk, круглосуточно:"
FOOTER_EN = "Head of HelpDesk, round the clock:"

_OTHER = re.compile(r"[\W_]+")
_NEAR = 15
_LONG_ENOUGH = 25
_LONGEST_SENT = 20_000


def _nothing() -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class Desk:
    """Who we are: address, the name our letters bear, the request's number, our words on it, asked for only in need."""

    address: str = ""
    name: str = "HelpDesk"
    number: str = ""
    sent: Callable[[], Sequence[str]] = _nothing

    def is_named(self, announcement: str) -> bool:
        """Does the announcement of a quote name our address, our desk or this request?"""
        text = announcement.lower()
        local, _, domain = self.address.lower().partition("@")
        by_address = bool(domain) and (f"{local}@{domain}" in text or (f"{local}+" in text and f"@{domain}" in text))
        return by_address or self.name.lower() in text or (bool(self.number) and f"#{self.number}]" in text)

    def wrote(self, below: Sequence[str]) -> bool:
        """Do our own words, or our letters' first line, stand below an announcement?"""
        if any(is_marker(line) for line in below[:_NEAR]):
            return True
        openings = [words for sent in self._texts if len(words := " ".join(sent[:10])) >= _LONG_ENOUGH]
        quoted = " ".join(_words(below)) if openings else ""
        return any(words in quoted for words in openings)

    def is_broken_into(self, below: Sequence[str]) -> bool:
        """Does a text of ours stand below with foreign words inside: is it answered line by line?"""
        texts = self._texts
        quoted = " ".join(_words(below)) if texts else ""
        for sent in texts:
            first, last = " ".join(sent[:4]), " ".join(sent[-4:])
            start = quoted.find(first) if len(sent) >= 8 else -1
            if start >= 0 and " ".join(sent) not in quoted and quoted.find(last, start + len(first)) >= 0:
                return True
        return False

    @cached_property
    def _texts(self) -> list[list[str]]:
        return [_words([text[:_LONGEST_SENT]]) for text in self.sent()[:5]]


def is_marker(line: str) -> bool:
    """The line that opens every letter of ours, alone on its line."""
    return (MARKER in line or MARKER_EN in line) and _OTHER.sub(" ", line).strip() in (MARKER, MARKER_EN)


def is_footer(line: str) -> bool:
    """The line that ends every letter of ours."""
    return FOOTER in line or FOOTER_EN in line


def _words(lines: Sequence[str]) -> list[str]:
    """Without links: mail programs spell them in their own ways."""
    whole = " ".join(line.lstrip("> ") for line in lines).replace("\xa0", " ").casefold()
    return [word for word in whole.split() if "://" not in word]
