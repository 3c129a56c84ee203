"""Header text: encoded words (RFC 2047) and raw eight-bit values, also broken ones."""

from __future__ import annotations

import base64
import binascii
import re

from app.intake.mime.charset import decode
from app.intake.mime.text import clean_line

# Bounded, so that many openings without an end cost linear time.
_WORD = re.compile(r"=\?([!->@-~]{1,60})\?([bBqQ])\?(.{0,4000}?)\?=", re.DOTALL)
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_FOLD = re.compile(r"\r?\n(?=[ \t])")


def header_text(value: str, hint: str = "") -> str:
    """A raw header value as one clean line. `value` holds undecoded bytes as surrogates, as the parser leaves them."""
    return clean_line(decode_words(value, hint))


def decode_words(value: str, hint: str = "") -> str:
    """Decode every encoded word, adjacent ones joined as bytes first; what is broken stays as it is."""
    flat = _FOLD.sub("", value)
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    at = 0
    for word in _WORD.finditer(flat):
        content = _word_bytes(word.group(2), word.group(3))
        if content is None:
            continue
        between = flat[at : word.start()]
        if not (pending and between.strip() == ""):
            out += [_joined(pending, hint), _eight_bit(between, hint)]
            pending = []
        pending.append((word.group(1).partition("*")[0].lower(), content))
        at = word.end()
    out += [_joined(pending, hint), _eight_bit(flat[at:], hint)]
    return "".join(out)


def _joined(words: list[tuple[str, bytes]], hint: str) -> str:
    out: list[str] = []
    buffer = b""
    charset = ""
    for name, content in words:
        if name != charset and buffer:
            out.append(decode(buffer, charset, hint))
            buffer = b""
        charset = name
        buffer += content
    return "".join([*out, decode(buffer, charset, hint)])


def _eight_bit(text: str, hint: str) -> str:
    if text.isascii():
        return text
    return decode(raw_bytes(text), "", hint)


def raw_bytes(text: str) -> bytes:
    """The bytes behind a header value of the parser."""
    return text.encode("utf-8", "surrogateescape")


def _word_bytes(kind: str, text: str) -> bytes | None:
    data = raw_bytes(text)
    if kind in "qQ":
        return _HEX.sub(lambda found: bytes([int(found.group(1), 16)]), data.replace(b"_", b" "))
    packed = b"".join(data.split()).rstrip(b"=")
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
