"""Parameters of Content-Type and Content-Disposition: RFC 2231, RFC 2047 and what mail programs write instead."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from app.intake.mime.charset import decode
from app.intake.mime.text import clean_line
from app.intake.mime.words import decode_words, raw_bytes

_PARAMETER = re.compile(r';\s*([!#$&+\-^\w.]+?)(\*\d{1,3})?(\*)?\s*=\s*("(?:[^"\\]|\\.){0,8000}"?|[^;]*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_FOLD = re.compile(r"\r?\n[ \t]+")


def parameter(value: str, name: str, hint: str = "") -> str:
    """The clean value of one parameter of a raw header value, or an empty string."""
    pieces: dict[int, tuple[str, bool]] = {}
    plain = ""
    for found in _PARAMETER.finditer(_FOLD.sub(" ", value)):
        key, position, is_extended, text = found.groups()
        if key.lower() != name:
            continue
        if position or is_extended:
            pieces.setdefault(int(position[1:]) if position else 0, (_unquoted(text), bool(is_extended)))
        elif not plain:
            plain = _unquoted(text)
    return clean_line(_continued(pieces, hint) if pieces else decode_words(plain, hint))


def _unquoted(text: str) -> str:
    text = text.strip()
    if not text.startswith('"'):
        return text
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    if re.match(r"[A-Za-z]:\\|\\\\", inner):
        return inner  # a Windows path, written without escapes
    return _ESCAPED.sub(r"\1", inner)


def _continued(pieces: dict[int, tuple[str, bool]], hint: str) -> str:
    charset = ""
    data = b""
    for position in sorted(pieces):
        text, is_extended = pieces[position]
        if position == min(pieces) and is_extended and text.count("'") >= 2:
            charset, _language, text = text.split("'", 2)
        data += unquote_to_bytes(raw_bytes(text)) if is_extended else raw_bytes(text)
    text = decode(data, charset, hint)
    return decode_words(text, hint) if "=?" in text and not charset else text
