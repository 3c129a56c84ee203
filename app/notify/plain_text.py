"""Text on its way into a letter: nothing in it may break a header, a line or an encoder."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_HIDDEN = {"Cc", "Cf", "Cs"}  # controls, direction marks, lone surrogates
_HARMLESS = str.maketrans("", "", "\n\t\u00a0")
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,240}@[!-;=?-~]{1,240}")  # RFC 5322 without white space and angle brackets
_PATRONYMIC = re.compile(r"[А-ЯЁ][а-яё]+(вич|вна|ична|инична|ьич|мич|кич)$")


def body(text: str) -> str:
    """Lines end in a newline, tabs stay, no other control character does."""
    text = _LINE_ENDS.sub("\n", text)
    if text.translate(_HARMLESS).isprintable():
        return text
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _HIDDEN)


def line(text: str, most: int = 250) -> str:
    """One line of at most ``most`` characters."""
    words = body(text.replace("\u200d", "")).split()
    joined = " ".join(words)
    return joined if len(joined) <= most else joined[: most - 1].rstrip() + "…"


def bracketed(message_id: str) -> str:
    """A Message-ID as a header takes it, or nothing where it is none."""
    bare = message_id.strip().strip("<>")
    return f"<{bare}>" if _MESSAGE_ID.fullmatch(bare) else ""


def address_by(name: str) -> str:
    """How one speaks to a person: name and patronymic where the name has them, else the name as given."""
    words = line(name, 80).split()
    for before, word in pairwise(words):
        if _PATRONYMIC.fullmatch(word):
            return f"{before} {word}"
    return " ".join(words)
