"""What somebody typed into the search box: a number, a phone, an address, or words; any text is a search."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app import numbers, phones
from app.search import words

LONGEST = 200  # letters
MOST = 10  # words
_NUMBER = re.compile(
    r"\W*(?:(?:заявк\w+|номер\w*|request|ticket|no)\b\W*)?([\d\s\u00a0\u202f#№.\-–—]+)\W*", re.IGNORECASE
)
_EMAIL = re.compile(r"\s*<?([^\s<>@]{1,64}@[^\s<>@]{1,190})>?\s*")
_LEAST_OF_PHONE = 10  # digits


@dataclass(frozen=True, slots=True)
class Typed:
    """One search as it was typed. ``chunks``: what stands between blanks; ``words``: each with its chunk."""

    text: str
    number: str = ""  # of six digits or more; whether it can be one of ours, and whether it is, is another question
    phone: str = ""  # E.164
    email: str = ""
    words: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.number or self.phone or self.email or self.words)


def typed(text: str) -> Typed:
    """Part what was typed; longer texts and further words are not looked at."""
    text = " ".join(text.replace("\0", " ").split())[:LONGEST]
    address = _EMAIL.fullmatch(text)
    return Typed(
        text=text,
        number=_number(text),
        phone=_phone(text),
        email=address[1].lower() if address else "",
        words=_words(text),
    )


def _number(text: str) -> str:
    found = _NUMBER.fullmatch(text)
    digits = numbers.normalise(found[1]) if found else ""
    return digits if digits.isascii() and numbers.SHORTEST <= len(digits) <= 12 else ""


def _phone(text: str) -> str:
    """A phone is all that was typed: letters among the digits make words of it."""
    if any(char.isalpha() for char in text) or sum(char.isdigit() for char in text) < _LEAST_OF_PHONE:
        return ""
    return phones.e164(text) or ""


def _words(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [(word, chunk) for chunk in text.split() for word in words.words(chunk)]
    return tuple(dict.fromkeys(pairs))[:MOST]
