"""Messages and files of requests, by the columns that a conversation shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, bindparam, select

from app.columns import read_columns
from app.models.letter import Letter
from app.models.message import Attachment, Message

MOST = 400  # messages on one page, the newest

# Built once: to build a statement costs more than to run it.
_MESSAGES = (
    select(Message.id, Message.kind, Message.channel, Message.author, Message.staff_id, Message.text)
    .add_columns(Message.quoted, Message.flags, Message.at, Message.visible_at, Message.recalled_at)
    .add_columns(Message.letter_id, Letter.has_html, Letter.written_at, Letter.received_at, Letter.others)
    .add_columns(Letter.erased_at, Message.ticket_id)
    .select_from(Message)
    .outerjoin(Letter, Letter.id == Message.letter_id)
    .order_by(Message.id.desc())
    .limit(MOST)
)
_ON_ONE = _MESSAGES.where(Message.ticket_id == bindparam("ticket"))
_FILES: Select[*tuple[Any, ...]] = select(
    *(Attachment.id, Attachment.message_id, Attachment.name, Attachment.type, Attachment.size),
    Attachment.is_infected,
).order_by(Attachment.id)


def messages(ticket_id: int) -> list[Columns[Any]]:
    """What was said on one request, oldest first."""
    return list(read_columns(_ON_ONE, {"ticket": ticket_id}))[::-1]


def messages_of(ticket_ids: Collection[int]) -> list[Columns[Any]]:
    """The same of several together."""
    return list(read_columns(_MESSAGES.where(Message.ticket_id.in_(ticket_ids))))[::-1]


def files_of(ticket_ids: Collection[int]) -> dict[int, list[Columns[Any]]]:
    """Files by their message; of no requests, no query."""
    if not ticket_ids:
        return {}
    found: dict[int, list[Columns[Any]]] = defaultdict(list)
    for file in read_columns(_FILES.where(Attachment.ticket_id.in_(ticket_ids))):
        found[file.message_id].append(file)
    return found
