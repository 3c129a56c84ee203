"""The words of a letter: which parts are its text, and which are files."""

from __future__ import annotations

from email.message import Message

from app.intake.mime import parts
from app.intake.mime.charset import decode
from app.intake.mime.limits import MAX_TEXT
from app.intake.mime.markup import html_to_text
from app.intake.mime.text import clean_text


def split_parts(leaves: list[Message], hint: str) -> tuple[list[Message], list[Message], list[Message]]:
    """Plain texts, HTML texts and files among the parts, each in the letter's order."""
    plain: list[Message] = []
    rich: list[Message] = []
    files: list[Message] = []
    for part in leaves:
        kind = parts.content_type(part)
        if kind.startswith("multipart/"):
            kind = "text/plain"  # a container whose boundary is never found: its text is all there is
        is_text = kind in ("text/plain", "text/html") and parts.disposition(part) != "attachment"
        chosen = plain if kind == "text/plain" else rich
        if is_text and not (chosen and parts.file_name(part, hint)):
            chosen.append(part)
        else:
            files.append(part)
    return plain, rich, files


def part_text(part: Message) -> str:
    """One text part, decoded and clean."""
    return clean_text(decode(parts.content(part), parts.charset(part))[:MAX_TEXT])


def texts(plain: list[Message], rich: list[Message]) -> tuple[str, str]:
    """The letter's plain text (from HTML where plain is absent or blank) and its HTML."""
    words = "\n\n".join(filter(None, map(part_text, plain)))
    markup = "\n".join(filter(None, map(part_text, rich)))
    if not words.strip() and markup:
        words = clean_text(html_to_text(markup))
    return words[:MAX_TEXT], markup[:MAX_TEXT]
