"""One part of a letter: its type, its name, its bytes."""

from __future__ import annotations

import re
from email.message import Message

from app.intake.mime.headers import raw_value
from app.intake.mime.params import parameter
from app.intake.mime.text import clean_line
from app.intake.mime.tree import children

_TYPE = re.compile(r"\s*([\w!#$&^.+-]{1,80})/([\w!#$&^.+-]{1,120})")


def content_type(part: Message) -> str:
    """The declared type, in lower case; text/plain where there is none that can be read (RFC 2045 §5.2)."""
    found = _TYPE.match(raw_value(part, "content-type"))
    if not found:
        return part.get_default_type()
    return f"{found.group(1)}/{found.group(2)}".lower()


def charset(part: Message) -> str:
    """The declared charset, unchecked."""
    return parameter(raw_value(part, "content-type"), "charset")


def disposition(part: Message) -> str:
    """`inline`, `attachment` or an empty string."""
    return raw_value(part, "content-disposition").partition(";")[0].strip().lower()


def file_name(part: Message, hint: str) -> str:
    """The name that the sender gave, decoded but not yet made safe."""
    return parameter(raw_value(part, "content-disposition"), "filename", hint) or parameter(
        raw_value(part, "content-type"), "name", hint
    )


def content_id(part: Message) -> str:
    """The id that HTML refers to as `cid:`."""
    value = clean_line(raw_value(part, "content-id")).strip("<>")
    return value if value.isascii() and len(value) <= 250 else ""


def content(part: Message) -> bytes:
    """The decoded bytes; an attached message as a whole, with the line ends of mail."""
    if part.is_multipart():
        return b"\r\n".join(child.as_received() for child in children(part))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""
