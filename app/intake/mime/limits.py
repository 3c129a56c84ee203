"""How much of a letter is looked at: limits that hold before anything is walked or decoded."""

from __future__ import annotations

import re

from app.intake.mime.letter import Unreadable

MAX_DEPTH = 30
MAX_PARTS = 300
MAX_HEADER_BYTES = 64 * 1024
MAX_ADDRESSES = 200
MAX_REFERENCES = 100
MAX_SUBJECT = 250
MAX_KEPT_HEADER = 2000
MAX_TEXT = 1_000_000
MAX_TEXT_BYTES = 4 * MAX_TEXT  # of one part that are decoded; no charset takes more for a character
MAX_LINES = 3_000_000  # a letter of 40 MB in base64 has half a million

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")


def header_block(raw: bytes, limit: int = MAX_HEADER_BYTES) -> bytes:
    """The letter's own header, as far as `limit` bytes."""
    end = _END_OF_HEADERS.search(raw, 0, limit + 4)
    return raw[: end.start()] if end else raw[:limit]


def check_headers(raw: bytes) -> None:
    """Refuse a letter whose own header is longer than any honest one."""
    if len(raw) > MAX_HEADER_BYTES and _END_OF_HEADERS.search(raw, 0, MAX_HEADER_BYTES + 4) is None:
        raise Unreadable("заголовок слишком длинный", is_final=True)


def check_lines(raw: bytes) -> None:
    """Refuse a letter that is nothing but line ends: each line would become an object of its own."""
    if raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n") > MAX_LINES:
        raise Unreadable("слишком много строк", is_final=True)


def check_boundary(raw: bytes, boundary: str) -> None:
    """Refuse a letter with far too many parts before the parser makes an object of each."""
    if boundary and raw.count(b"\n--" + boundary.encode("utf-8", "surrogateescape")) > 2 * MAX_PARTS:
        raise Unreadable("слишком много частей", is_final=True)
