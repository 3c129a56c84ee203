"""The tree of parts: walked without recursion, and only as far as the limits go."""

from __future__ import annotations

from email.message import Message

from app.intake.mime.letter import Unreadable
from app.intake.mime.limits import MAX_DEPTH, MAX_HEADER_BYTES, MAX_PARTS


def children(part: Message) -> list[Message]:
    """The parts inside a container. (`get_payload()` of a text would decode it, and raise on an odd charset.)"""
    payload = part.get_payload() if part.is_multipart() else []
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def parts_within_limits(message: Message) -> list[Message]:
    """Every part that is not a container, in order; attached messages count as one part and are not entered."""
    found: list[Message] = []
    seen = 0
    stack = [(message, 1)]
    while stack:
        part, depth = stack.pop()
        seen += 1
        if depth > MAX_DEPTH:
            raise Unreadable(f"parts are nested deeper than {MAX_DEPTH}", is_final=True)
        if seen > MAX_PARTS:
            raise Unreadable(f"there are more than {MAX_PARTS} parts", is_final=True)
        if sum(len(name) + len(value) for name, value in part.raw_items()) > MAX_HEADER_BYTES:
            raise Unreadable("the header of a part is too long", is_final=True)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            stack.extend((child, depth + 1) for child in reversed(children(part)))
        else:
            found.append(part)
    return found
