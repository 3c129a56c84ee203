"""The words of a letter: which parts are its text and its HTML, and which are files."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import unquote

from app.intake.mime import armour, calendar, parts, sealed, tnef, uuencoded
from app.intake.mime.charset import decode
from app.intake.mime.files import LooseFile
from app.intake.mime.letter import ENCRYPTED, SIGNED
from app.intake.mime.limits import MAX_TEXT, MAX_TEXT_BYTES
from app.intake.mime.markup import html_to_text
from app.intake.mime.text import clean_text
from app.intake.mime.tree import children, is_container

_TEXTS = ("text/plain", "text/html")
# What other programs make of the same words; none of them tells more than the plain text and the HTML do.
_SPARE_VERSIONS = ("text/x-amp-html", "text/watch-html", "text/enriched", "text/richtext")
_CID = re.compile(r"""\bcid:([^"'\s<>()]{1,250})""", re.IGNORECASE)
_LONGEST_STUB = 600
_STUB = re.compile(
    r"\bhtml\b.{0,300}\b(view|support|display|show|enable|read|brows|program|client|compatible|version)"
    r"|\b(view|support|display|show|enable|read|brows|program|client|compatible).{0,300}\bhtml\b"
    r"|(не\s+поддержива|не\s+показыва|не\s+отобража|просмотр|включите|программ).{0,300}\bhtml\b"
    r"|\bhtml\b.{0,300}(не\s+поддержива|не\s+показыва|не\s+отобража|просмотр|включите|программ|формат)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass
class Body:
    """What people read of a letter, the parts that become files, and what is to be said of it."""

    text: str = ""
    html: str = ""
    files: list[Message | LooseFile] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


@dataclass
class _Piece:
    """Some words; ``html`` where they came so."""

    text: str
    html: str = ""

    @property
    def key(self) -> str:
        return "".join(self.text.split())


def read_body(message: Message, hint: str) -> Body:
    """The body of a letter whose parts were found to be within the limits."""
    return _Reader(hint).read(message)


def pictures(markup: str) -> set[str]:
    """The Content-IDs that some HTML refers to."""
    return {unquote(html.unescape(found)) for found in _CID.findall(markup)}


class _Reader:
    def __init__(self, hint: str) -> None:
        self._hint = hint
        self._body = Body()
        self._spare: list[_Piece] = []  # words from winmail.dat and calendars, for letters that have no others
        self._has_words = False

    def read(self, message: Message) -> Body:
        whole = _joined(self._part(message))
        for spare in self._spare:
            whole = _fuller(whole, spare)
        body = self._body
        body.text, body.html = whole.text[:MAX_TEXT], whole.html[:MAX_TEXT]
        is_locked = not body.text.strip() and any(
            isinstance(part, Message) and sealed.is_encrypted(part) for part in body.files
        )
        if is_locked or armour.is_encrypted(body.text):
            body.marks.append(ENCRYPTED)
        body.marks = list(dict.fromkeys(body.marks))
        return body

    def _part(self, part: Message, *, is_version: bool = False) -> list[_Piece]:
        """The words in a part and below. ``is_version``: it is one of several forms of the same words."""
        if is_container(part):
            return self._container(part, is_version=is_version)
        kind = parts.content_type(part)
        if kind.startswith("multipart/"):
            kind = "text/plain"  # a container whose boundary is never found: its text is all there is
        if kind not in _TEXTS or parts.disposition(part) == "attachment":
            return self._file(part, kind)
        if self._has_words and not is_version and parts.file_name(part, self._hint):
            return self._file(part, kind)
        piece = self._rich(part) if kind == "text/html" else self._plain(part)
        self._has_words |= bool(piece)
        return [piece] if piece else []

    def _container(self, part: Message, *, is_version: bool) -> list[_Piece]:
        kind, inner = parts.content_type(part), children(part)
        if kind == "multipart/alternative":
            return self._versions(inner)
        if kind == "multipart/encrypted":
            self._body.marks.append(ENCRYPTED)
            inner = [child for child in inner if parts.content_type(child) != "application/pgp-encrypted"]
        if kind == "multipart/signed":
            self._body.marks.append(SIGNED)
            inner = [*inner[:1], *(child for child in inner[1:] if not sealed.is_signature(child))]
        is_whole = kind in ("multipart/related", "multipart/signed")
        pieces: list[_Piece] = []
        for place, child in enumerate(inner):
            pieces += self._part(child, is_version=is_version and is_whole and place == 0)
        return pieces

    def _versions(self, inner: Iterable[Message]) -> list[_Piece]:
        """Of several forms of the same words: the plain one, unless the HTML says more; and the HTML to look at."""
        found: list[_Piece] = []
        for child in inner:
            if not (found and parts.content_type(child) in _SPARE_VERSIONS):
                found += self._part(child, is_version=True)
        plain, rich = (_joined(piece for piece in found if bool(piece.html) is is_rich) for is_rich in (False, True))
        if not plain.key or not rich.key:
            return found
        return [_fuller(plain, rich)]

    def _plain(self, part: Message) -> _Piece | None:
        data, found = uuencoded.extract(parts.content(part))
        self._body.files += found
        text = clean_text(decode(data[:MAX_TEXT_BYTES], parts.charset(part))[:MAX_TEXT])
        if opened := armour.signed_text(text):
            self._body.marks.append(SIGNED)
            text = opened
        return _Piece(text) if text.strip() else None

    def _rich(self, part: Message) -> _Piece | None:
        markup = clean_text(decode(parts.content(part)[:MAX_TEXT_BYTES], parts.charset(part))[:MAX_TEXT])
        return _Piece(clean_text(html_to_text(markup)), markup) if markup.strip() else None

    def _file(self, part: Message, kind: str) -> list[_Piece]:
        if kind == "text/calendar":
            self._spare.append(
                _Piece(calendar.words(decode(parts.content(part)[: calendar.LONGEST], parts.charset(part))))
            )
        elif tnef.is_tnef(part, self._hint):
            opened = tnef.read(parts.content(part))
            if opened and (opened.files or opened.text or self._has_words):
                self._spare.append(_Piece(opened.text, opened.html))
                self._body.files += opened.files
                if opened.is_whole:
                    return []
        self._body.files.append(part)
        return []


def _joined(pieces: Iterable[_Piece]) -> _Piece:
    """One after the other, the same words once. Where some came as HTML, the HTML is whole as well."""
    known: dict[str, _Piece] = {}
    for piece in pieces:
        if piece.key not in known or (piece.html and not known[piece.key].html):
            known[piece.key] = piece
    text = "\n\n".join(piece.text for piece in known.values() if piece.key)
    if not any(piece.html for piece in known.values()):
        return _Piece(text)
    markup = (piece.html or f"<pre>{html.escape(piece.text)}</pre>" for piece in known.values())
    return _Piece(text, "\n".join(markup))


def _fuller(chosen: _Piece, other: _Piece) -> _Piece:
    """The chosen words, but the other's where the chosen ones only say that there is something else to read."""
    markup = chosen.html or other.html
    if other.key and (not chosen.key or _is_stub(chosen) or len(other.key) > 4 * len(chosen.key) + 200):
        return _Piece(other.text, markup)
    return _Piece(chosen.text, markup)


def _is_stub(piece: _Piece) -> bool:
    return len(piece.text) <= _LONGEST_STUB and _STUB.search(piece.text) is not None
