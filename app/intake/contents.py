"""What a letter brings along to its request: the text, the files, the flags, the moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from sqlalchemy import select

from app import clock, files
from app.extensions import db
from app.files import StoredFile
from app.intake.letterbox import TOO_LARGE
from app.intake.mime.letter import ENCRYPTED, SIGNED, ParsedLetter
from app.intake.threading import Thread
from app.models.letter import Letter
from app.models.message import Attachment
from app.models.ticket import Ticket
from app.tickets.admit import STRANGER
from app.tickets.contributions import LONGEST_TEXT
from app.translate import _

UNVERIFIED, REPEATED_ID = "sender not verified", "message-id used before"
DMARC_FAILED, SPAM = "dmarc fail", "spam"
READABLE = "readable"  # a kind of information that a request misses: a letter that is not encrypted
NO_TEXT = "(письмо без текста)"
NOT_READABLE = "Письмо зашифровано, прочитать его здесь нельзя. Попросите отправителя прислать его без шифрования."


def flags(letter: Letter, thread: Thread, stamp: str) -> list[str]:
    """What staff should know of the sender; ``stamp``: what our own mail server says by DMARC."""
    flags = [STRANGER] if thread.ticket and thread.is_stranger else []
    flags += [mark for mark in (SPAM, ENCRYPTED, SIGNED) if mark in letter.signals]
    if stamp == "fail":
        flags.append(DMARC_FAILED)
    elif stamp != "pass" and not thread.is_proven:
        flags.append(UNVERIFIED)
    same_id = select(Letter.id).where(Letter.message_id == letter.message_id, Letter.id != letter.id).limit(1)
    if db.session.scalar(same_id) is not None:
        flags.append(REPEATED_ID)
    return flags


def body(letter: Letter, words: str, kept: list[StoredFile]) -> str:
    """The text of the message; one that is too long for a page goes along as a file, whole."""
    if is_too_large(letter):
        return _(
            "Письмо слишком большое: %(size)s МБ, поэтому принято без содержимого.\nОт кого: %(sender)s\n"
            "Тема: %(subject)s\nПопросите отправителя прислать файлы ссылкой.",
            size=f"{letter.size / (1 << 20):.0f}",
            sender=f"{letter.from_name} <{letter.from_email}>",
            subject=letter.subject,
        )
    if len(words) > LONGEST_TEXT:
        kept.append(files.keep(BytesIO(words.encode()), "письмо.txt", limit=len(words) * 4))
        return words[:LONGEST_TEXT]
    if ENCRYPTED in letter.signals and not words:
        return _(NOT_READABLE)
    return words or ("" if kept else _(NO_TEXT))


def is_too_large(letter: Letter) -> bool:
    """Was only the header kept?"""
    return TOO_LARGE in letter.signals


def new_files(kept: Sequence[StoredFile], ticket: Ticket | None = None) -> list[StoredFile]:
    """Without pictures that the request already has: logos of signatures come again with every letter, and in it."""
    known: set[str] = set()
    if ticket:
        known |= set(db.session.scalars(select(Attachment.sha256).where(Attachment.ticket_id == ticket.id)))
    brought = []
    for file in kept:
        if not (file.type.startswith("image/") and file.sha256 in known):
            brought.append(file)
        known.add(file.sha256)
    return brought


def missing(letter: Letter) -> list[str]:
    """What the answer asks for because of the letter itself."""
    return [READABLE] if ENCRYPTED in letter.signals else []


def content_ids(parsed: ParsedLetter, kept: Sequence[StoredFile]) -> dict[str, str]:
    """Content-IDs by storage id, of the pictures that the letter's HTML shows; other files have none."""
    pairs = zip(kept, parsed.files, strict=False)
    return {stored.storage_id: file.content_id for stored, file in pairs if file.is_inline}


def moment(letter: Letter, ticket: Ticket) -> datetime:
    """When it reached us, but never before what the request's history already tells."""
    return max(letter.received_at, min(ticket.touched_at, clock.now()))
