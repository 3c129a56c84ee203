"""What a check of the doctor found: how it is and, where it is not well, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Finding:
    name: str
    level: Level
    words: str
    mend: str = ""
    is_made: bool = True  # the check could look


def ok(name: str, words: str) -> Finding:
    return Finding(name, Level.OK, words)
