"""«Срочно» in a letter: as a word in the subject or the first line, not after «не»."""

from __future__ import annotations

import re

_WORD = re.compile(r"(?<![\w-])(не[\s\xa0]+|not[\s\xa0]+)?(срочно|срочная|urgent)(?![\w-])", re.IGNORECASE)


def is_urgent(*lines: str) -> bool:
    """Does any of the lines say that the matter is urgent?"""
    return any(found.group(1) is None for line in lines for found in _WORD.finditer(line[:500]))


def first_line(text: str) -> str:
    """The first line that holds words of the writer's own: quoted ones do not count."""
    lines = (line.strip() for line in text.split("\n"))
    return next((line for line in lines if line and not line.startswith(">")), "")
