"""What left the desk, read back: letters kept as files or taken by a mail server."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from app.config import settings


def kept() -> list[EmailMessage]:
    """Letters kept on disk, in the order in which they were written."""
    return [read(raw) for raw in kept_bytes()]


def kept_bytes() -> list[bytes]:
    paths = sorted(settings().kept_mail_dir.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [path.read_bytes() for path in paths]


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def to(address: str) -> list[EmailMessage]:
    return [letter for letter in kept() if letter["To"] == address]
