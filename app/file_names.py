"""Names of files: whatever a sender gave, made safe for a disk, a header and a page; pure, as the parser's child is."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 150
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # some file systems refuse them
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
_LONGEST_ENDING = 10


def safe_name(name: str) -> str:
    """Without path, controls, invisible and direction-changing characters; at most LENGTH; perhaps nothing is left."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(" " if char.isspace() else char for char in last if char.isspace() or _is_seen(char))
    plain = " ".join(_FORBIDDEN.sub("_", seen).split())
    return shortened(plain.strip(" .")) if plain.strip(" ._") else ""


def shortened(name: str, tail: str = "") -> str:
    """The name with ``tail`` before its ending, of at most LENGTH characters."""
    stem, ending = _split(name)
    room = LENGTH - len(tail) - len(ending)
    return (stem if len(stem) <= room else stem[:room].rstrip()) + tail + ending


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and len(ending) <= _LONGEST_ENDING else (name, "")
