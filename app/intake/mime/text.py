"""Clean text: no CR, NUL, lone surrogates or other characters that break a database, a header or a page."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BREAKING = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """Text of several lines, ends as LF; trailing blanks of lines and outer empty lines removed."""
    whole = _BREAKING.sub("", _LINE_ENDS.sub("\n", text))
    return "\n".join(line.rstrip() for line in whole.split("\n")).strip("\n")


def clean_line(text: str) -> str:
    """Text of one line: NFC, no controls, no invisible or direction-changing characters, single spaces."""
    flat = _BREAKING.sub("", _LINE_ENDS.sub(" ", text.replace("\n", " ")))
    if not flat.isascii():
        flat = unicodedata.normalize("NFC", flat)
        flat = "".join(char for char in flat if unicodedata.category(char) not in ("Cf", "Cc", "Cs", "Co"))
    return _SPACES.sub(" ", flat).strip()
