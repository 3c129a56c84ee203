"""Compressed RTF bodies (MS-OXRTFCP) and what is in them: plain words, or the HTML they were made from (MS-OXRTFEX)."""

from __future__ import annotations

import re
import struct

from app.intake.mime.mapi import decoded

_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_COMPRESSED, _STORED = b"LZFu", b"MELA"
_LONGEST = 2_000_000
_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\"
)
_PAGE = re.compile(r"\\ansicpg(\d{3,5})")
_MARKS = {
    "par": "\n", "line": "\n", "tab": "\t", "cell": " ", "row": "\n", "emdash": "—", "endash": "–", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_UNSEEN = frozenset(("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "listtable", "generator"))


def read(packed: bytes) -> tuple[str, bool]:
    """The body's words and whether they are HTML; empty where it cannot be unpacked."""
    source = _unpacked(packed).decode("latin-1")
    if not source.startswith("{\\rtf"):
        return "", False
    page = _PAGE.search(source[:500])
    is_html = "\\fromhtml" in source[:500]
    return _Words(f"cp{page.group(1)}" if page else "cp1251", is_html=is_html).of(source), is_html


def _unpacked(packed: bytes) -> bytes:
    if len(packed) < 16:
        return b""
    _size, raw_size, kind, _crc = struct.unpack_from("<II4sI", packed)
    if kind == _STORED:
        return packed[16 : 16 + min(raw_size, _LONGEST)]
    if kind != _COMPRESSED:
        return b""
    out = bytearray(_START)
    limit = len(_START) + min(raw_size, _LONGEST)
    at = 16
    while at < len(packed) and len(out) < limit:
        flags, at = packed[at], at + 1
        for bit in range(8):
            if at >= len(packed):
                break
            if not flags >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            if not _copy(out, packed[at : at + 2]):
                return bytes(out[len(_START) : limit])
            at += 2
    return bytes(out[len(_START) : limit])


def _copy(out: bytearray, reference: bytes) -> bool:
    """Repeat what was written before; False at the end mark, or where the reference leads nowhere."""
    if len(reference) < 2:
        return False
    value = int.from_bytes(reference, "big")
    offset, length = value >> 4, (value & 0xF) + 2
    back = (len(out) - offset) % _WINDOW or _WINDOW
    if offset == len(out) % _WINDOW or back > len(out):
        return False
    for _ in range(length):
        out.append(out[-back])
    return True


class _Words:
    """One pass over the tokens; a group's state lies on the stack while it is open."""

    def __init__(self, page: str, *, is_html: bool) -> None:
        self._page = page
        self._is_html = is_html
        self._out: list[str] = []
        self._bytes = bytearray()  # \'xx of one run, decoded together
        self._stack: list[tuple[bool, bool, int]] = []
        self._is_unseen = self._is_kept_out = False  # a destination without words; \htmlrtf, for RTF readers alone
        self._after_unicode, self._to_skip = 1, 0
        self._is_star = False

    def of(self, source: str) -> str:
        for word, number, byte, symbol, brace, text in _TOKEN.findall(source):
            if byte:
                self._byte(int(byte, 16))
                continue
            self._flush()
            if brace:
                self._group(brace)
            elif word:
                self._word(word.lower(), int(number) if number else None)
            elif symbol:
                self._symbol(symbol)
            elif text:
                self._text(text)
        self._flush()
        return "".join(self._out)

    def _group(self, brace: str) -> None:
        if brace == "{":
            self._stack.append((self._is_unseen, self._is_kept_out, self._after_unicode))
        elif self._stack:
            self._is_unseen, self._is_kept_out, self._after_unicode = self._stack.pop()
        self._is_star, self._to_skip = False, 0

    def _word(self, word: str, number: int | None) -> None:
        if self._is_star:
            self._is_star = False
            self._is_unseen |= word != "htmltag"
        elif word in _UNSEEN:
            self._is_unseen = True
        elif word == "htmlrtf":
            self._is_kept_out = number != 0
        elif word == "uc":
            self._after_unicode = number or 0
        elif word == "u" and number is not None:
            self._text_now(chr(number % 0x10000))
            self._to_skip = self._after_unicode
        elif word in _MARKS and not (self._is_html and word in ("par", "line", "tab")):
            self._text_now(_MARKS[word])
        elif word in ("par", "line", "tab"):
            self._text_now("\n" if word != "tab" else "\t")

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._is_star = True
        elif symbol == "~":
            self._text_now("\u00a0")
        elif symbol in "\\{}":
            self._text(symbol)
        elif symbol in "\r\n":
            self._text_now("\n")

    def _byte(self, value: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        elif not self._is_unseen and not self._is_kept_out:
            self._bytes.append(value)

    def _flush(self) -> None:
        if self._bytes:
            self._out.append(decoded(bytes(self._bytes), self._page))
            self._bytes.clear()

    def _text(self, text: str) -> None:
        skipped, self._to_skip = self._to_skip, max(0, self._to_skip - len(text))
        self._text_now(decoded(text[skipped:].encode("latin-1"), self._page))

    def _text_now(self, text: str) -> None:
        if not self._is_unseen and not self._is_kept_out:
            self._out.append(text)
