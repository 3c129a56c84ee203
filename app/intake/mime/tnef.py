"""winmail.dat (MS-OXTNEF): the files and words that Outlook hides in it; damaged ones stay as they came."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from email.message import Message

from app.intake.mime import parts, rtf
from app.intake.mime.files import LooseFile
from app.intake.mime.limits import MAX_PARTS, MAX_TEXT
from app.intake.mime.mapi import Damaged, Reader, decoded, properties
from app.intake.mime.markup import html_to_text
from app.intake.mime.text import clean_line, clean_text

_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef", "application/x-ms-tnef", "application/x-tnef")
_SIGNATURE = struct.pack("<I", 0x223E9F78)
_BODY, _SUBJECT, _ATTACHMENT_DATA, _ATTACHMENT_TITLE = 0x800C, 0x8004, 0x800F, 0x8010
_NEW_ATTACHMENT, _MESSAGE_PROPERTIES, _ATTACHMENT_PROPERTIES, _CODE_PAGE = 0x9002, 0x9003, 0x9005, 0x9007
_P_SUBJECT, _P_BODY, _P_RTF, _P_HTML, _P_HTML_PAGE = 0x0037, 0x1000, 0x1009, 0x1013, 0x3FDE
_P_OBJECT, _P_NAME, _P_LONG_NAME, _P_TYPE, _P_CONTENT_ID, _P_SHOWN_NAME = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712, 0x3001
_A_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")  # the id of IMessage, before one TNEF inside another
_ANY_INTERFACE = _A_MESSAGE[8:]  # every id that may stand before an object ends so
_DEEPEST = 3
_SHORTEST = 11  # bytes of an attribute without a value


@dataclass
class Tnef:
    """What was inside; ``text`` and ``html`` are empty where the letter around it has the words."""

    text: str = ""
    html: str = ""
    subject: str = ""
    files: list[LooseFile] = field(default_factory=list)
    is_whole: bool = True  # else it ended within a checksum, and more may have followed


@dataclass
class _Attached:
    title: str = ""
    content: bytes = b""
    properties: dict[int, bytes | str] = field(default_factory=dict)

    def text(self, *names: int) -> str:
        for name in names:
            if isinstance(value := self.properties.get(name), str) and (words := clean_line(value)):
                return words
        return ""


def is_tnef(part: Message, hint: str) -> bool:
    """Does the part claim to be one?"""
    return parts.content_type(part) in _TYPES or parts.file_name(part, hint).lower() in ("winmail.dat", "win.dat")


def read(data: bytes) -> Tnef | None:
    """Everything inside, or None when any of it is damaged."""
    try:
        return _read(data, 1)
    except Damaged:
        return None


def _read(data: bytes, depth: int) -> Tnef:
    if not data.startswith(_SIGNATURE):
        raise Damaged("no TNEF")
    seen = _Seen()
    reader = Reader(data, len(_SIGNATURE) + 2)
    while reader.left() >= _SHORTEST:
        seen.take(*reader.attribute())
    if reader.left() > 2:  # some writers leave a word of padding
        raise Damaged("rubbish at the end")
    if len(seen.attached) > MAX_PARTS:
        raise Damaged("too many files")
    found = _words(seen)
    found.is_whole = reader.is_whole
    found.subject = clean_line(_string(seen.properties.get(_P_SUBJECT)) or seen.subject)
    for one in seen.attached:
        found.files += _files(one, depth)
    return found


class _Seen:
    """The attributes of one TNEF, taken in their order."""

    def __init__(self) -> None:
        self.body = self.subject = ""
        self.page = "cp1251"
        self.properties: dict[int, bytes | str] = {}
        self.attached: list[_Attached] = []

    def take(self, name: int, value: bytes) -> None:
        if name == _CODE_PAGE:
            self.page = f"cp{int.from_bytes(value[:4], 'little')}"
        elif name == _BODY:
            self.body = self._text(value)
        elif name == _SUBJECT:
            self.subject = self._text(value)
        elif name == _MESSAGE_PROPERTIES:
            self.properties |= properties(value, self.page)
        elif name == _NEW_ATTACHMENT:
            self.attached.append(_Attached())
        elif name in (_ATTACHMENT_DATA, _ATTACHMENT_TITLE, _ATTACHMENT_PROPERTIES):
            self._attach(name, value)

    def _attach(self, name: int, value: bytes) -> None:
        if not self.attached:
            raise Damaged("a file's data before the file")
        if name == _ATTACHMENT_DATA:
            self.attached[-1].content = value
        elif name == _ATTACHMENT_TITLE:
            self.attached[-1].title = clean_line(self._text(value))
        else:
            self.attached[-1].properties |= properties(value, self.page)

    def _text(self, value: bytes) -> str:
        return decoded(value.rstrip(b"\0"), self.page)


def _words(seen: _Seen) -> Tnef:
    own = seen.properties
    text = clean_text(_string(own.get(_P_BODY)) or seen.body)
    markup = own.get(_P_HTML, b"")
    if isinstance(markup, bytes):
        declared = own.get(_P_HTML_PAGE)
        number = int.from_bytes(declared[:4], "little") if isinstance(declared, bytes) else 65001
        markup = decoded(markup.rstrip(b"\0"), "utf-8" if number == 65001 else f"cp{number}")
    packed = own.get(_P_RTF)
    if isinstance(packed, bytes) and packed and not (text.strip() and markup.strip()):
        unpacked, is_html = rtf.read(packed)
        markup = markup or (unpacked if is_html else "")
        text = text or ("" if is_html else clean_text(unpacked))
    markup = clean_text(markup[:MAX_TEXT])
    return Tnef(text[:MAX_TEXT] or clean_text(html_to_text(markup)), markup)


def _files(one: _Attached, depth: int) -> list[LooseFile]:
    name = one.text(_P_LONG_NAME) or one.title or one.text(_P_NAME, _P_SHOWN_NAME)
    kind = one.text(_P_TYPE).lower()
    packed = one.properties.get(_P_OBJECT)
    if isinstance(packed, bytes) and packed.startswith(_A_MESSAGE):
        return _attached_letter(name, packed[len(_A_MESSAGE) :], depth)
    content = one.content or (packed if isinstance(packed, bytes) else b"")
    if content[8:16] == _ANY_INTERFACE:
        content = content[16:]
    return [LooseFile(name, kind or "application/octet-stream", content, one.text(_P_CONTENT_ID))]


def _attached_letter(name: str, data: bytes, depth: int) -> list[LooseFile]:
    if depth == _DEEPEST:
        raise Damaged("letters within letters")
    inner = _read(data, depth + 1)
    title = (inner.subject or name or "letter").replace("/", "-").replace("\\", "-")
    if not inner.text and not inner.files:
        return [LooseFile(f"{title}.dat", "application/ms-tnef", data)]
    return [LooseFile(f"{title}.txt", "text/plain", inner.text.encode()), *inner.files]


def _string(value: bytes | str | None) -> str:
    return value if isinstance(value, str) else ""
