"""The tree of parts: walked without recursion, and only as far as the limits go."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from typing import Any

from app.intake.mime.letter import Unreadable
from app.intake.mime.limits import MAX_DEPTH, MAX_HEADER_BYTES, MAX_PARTS

_END = b"\r\n"


class Part(Message):
    """A part that can give back its bytes; the library's own serialising changes them, and fails on some."""

    _payload: Any  # of the library: None, text, or a list of parts

    def as_received(self) -> bytes:
        """Header and body with the line ends of mail, encodings untouched."""
        lines = [_bytes(name) + b": " + _bytes(str(value)) + _END for name, value in self.raw_items()]
        return b"".join(lines) + _END + self._body()

    def _body(self) -> bytes:
        payload = self._payload
        if not isinstance(payload, list):
            return _bytes(str(payload or ""))
        inner = [child.as_received() for child in payload if isinstance(child, Part)]
        boundary = self.get_boundary()
        if boundary is None:
            return _END.join(inner)
        mark = b"--" + _bytes(boundary)
        parts = b"".join(mark + _END + part + _END for part in inner)
        before = b"" if self.preamble is None else _bytes(self.preamble) + _END
        return before + parts + mark + b"--" + _END + _bytes(self.epilogue or "")


def parsed(raw: bytes) -> Part:
    """The letter as a tree of parts; raises RecursionError where they are nested too deep to tell."""
    return message_from_bytes(raw, Part)


def children(part: Message) -> list[Part]:
    """The parts inside a container. (`get_payload()` of a text would decode it, and raise on an odd charset.)"""
    payload = part.get_payload() if part.is_multipart() else []
    return [child for child in payload if isinstance(child, Part)] if isinstance(payload, list) else []


def is_container(part: Message) -> bool:
    """Does it hold parts of the letter? An attached message does not: it is a file."""
    return part.get_content_maintype() == "multipart" and part.is_multipart()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def parts_within_limits(message: Message) -> list[Message]:
    """Every part that is not a container, in order; attached messages count as one part and are not entered."""
    found: list[Message] = []
    seen = 0
    stack = [(message, 1)]
    while stack:
        part, depth = stack.pop()
        seen += 1
        if depth > MAX_DEPTH:
            raise Unreadable("части вложены слишком глубоко", is_final=True)
        if seen > MAX_PARTS:
            raise Unreadable("слишком много частей", is_final=True)
        if sum(len(name) + len(value) for name, value in part.raw_items()) > MAX_HEADER_BYTES:
            raise Unreadable("заголовок одной из частей слишком длинный", is_final=True)
        if is_container(part):
            stack.extend((child, depth + 1) for child in reversed(children(part)))
        else:
            found.append(part)
    return found
