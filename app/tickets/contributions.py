"""Messages on a request and their files: made here for every verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.actor import Actor
from app.config import settings
from app.errors import IntakeRejected
from app.extensions import db
from app.models.message import Attachment, Message
from app.models.ticket import Ticket
from app.models.words import ActorKind, Channel, MessageKind

LONGEST_TEXT = 100_000
_WORDS = frozenset({MessageKind.REQUEST, MessageKind.ANSWER})  # what customers say


class KeptFile(Protocol):
    """A file whose bytes are stored: ``files.StoredFile`` or an ``Upload`` row."""

    @property
    def storage_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def is_infected(self) -> bool: ...


@dataclass(frozen=True)
class Contribution:
    """What somebody says on a request: the text, and what came with it."""

    text: str
    files: Sequence[KeptFile] = ()
    quoted: str = ""
    flags: Sequence[str] = ()
    letter_id: int | None = None
    intake_key: str | None = None
    content_ids: dict[str, str] = field(default_factory=dict)  # storage id to Content-ID, for images inside the text


def contribute(ticket: Ticket, kind: MessageKind, said: Contribution, by: Actor, at: datetime) -> Message:
    """Add a message with its files and return it, flushed; raises IntakeRejected on an empty or endless text."""
    text = said.text.strip()
    if not text and not said.files:
        raise IntakeRejected({"text": "Напишите текст сообщения."})
    if len(text) > LONGEST_TEXT:
        raise IntakeRejected({"text": "Текст длиннее 100 000 знаков. Пришлите его файлом."})
    message = Message(
        ticket_id=ticket.id,
        kind=kind,
        channel=by.channel or Channel.WEB,
        author=by.name,
        staff_id=by.staff_id,
        person_id=by.person_id,
        letter_id=said.letter_id,
        text=text,
        quoted=said.quoted,
        flags=list(said.flags),
        at=at,
        visible_at=visible_at(kind, by, at),
        intake_key=said.intake_key,
    )
    message.files = [
        Attachment(
            ticket_id=ticket.id,
            name=file.name,
            type=file.type,
            size=file.size,
            sha256=file.sha256,
            storage_id=file.storage_id,
            content_id=said.content_ids.get(file.storage_id, ""),
            is_infected=file.is_infected,
        )
        for file in said.files
    ]
    db.session.add(message)
    db.session.flush()
    if kind in _WORDS:
        ticket.word_id = message.id
    return message


def visible_at(kind: MessageKind, by: Actor, at: datetime) -> datetime:
    """From when outsiders see it: what staff write on pages can be taken back for UNDO_SEND first."""
    can_be_recalled = (
        by.kind is ActorKind.STAFF
        and by.channel is Channel.WEB
        and kind in {MessageKind.REPLY, MessageKind.QUESTION, MessageKind.SOLUTION}
    )
    return at + settings().undo_send if can_be_recalled else at
