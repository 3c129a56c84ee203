"""Files that stand in the text as uuencoded blocks (POSIX uuencode), as old programs and scripts send them."""

from __future__ import annotations

import binascii
import re

from app.intake.mime.charset import decode
from app.intake.mime.files import LooseFile
from app.intake.mime.limits import MAX_PARTS
from app.intake.mime.text import clean_line

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,250})\r?\n", re.MULTILINE)
_LINE = re.compile(rb"([^\r\n]{0,100})\r?(?:\n|\Z)")


def extract(data: bytes) -> tuple[bytes, list[LooseFile]]:
    """The text without its blocks, and the files; a block that is broken or has no end stays in the text."""
    if b"begin " not in data:
        return data, []
    kept: list[bytes] = []
    files: list[LooseFile] = []
    at = tries = 0
    while tries < MAX_PARTS and (begin := _BEGIN.search(data, at)):
        tries += 1
        content, end = _block(data, begin.end())
        if content is None:
            kept.append(data[at:end])
        else:
            kept.append(data[at : begin.start()])
            files.append(LooseFile(clean_line(decode(begin.group(1))), "application/octet-stream", content))
        at = end
    kept.append(data[at:])
    return b"".join(kept), files


def _block(data: bytes, at: int) -> tuple[bytes | None, int]:
    """The bytes of a block and where its end line ends; None, and where looking ended, when it is none."""
    content: list[bytes] = []
    while (line := _LINE.match(data, at)) and line.end() > at:
        packed = line.group(1)
        if packed.strip() == b"end":
            return (b"".join(content), line.end()) if content else (None, at)
        unpacked = _unpacked(packed)
        if unpacked is None:
            return None, at
        content.append(unpacked)
        at = line.end()
    return None, at


def _unpacked(line: bytes) -> bytes | None:
    if not line.strip(b" `"):
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    # Some programs pad the line with rubbish; its first character says how much of it counts.
    counted = line[: 1 + (((line[0] - 32) & 63) * 4 + 5) // 3]
    try:
        return binascii.a2b_uu(counted) if len(line) - len(counted) <= 4 else None
    except binascii.Error:
        return None
