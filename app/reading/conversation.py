"""The conversation on a request: messages and grey lines of history in one order, with the fate of every notice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import bindparam, select

from app.columns import read_columns
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.words import EventKind, MessageKind
from app.reading import joined_talk, said
from app.reading.entries import Entry, Telling
from app.reading.happenings import DECISIVE, happening
from app.reading.notices import Notice, notice
from app.reading.reader import Reader
from app.reading.ticket import Head

_SPOKEN = frozenset(  # events whose message says it all
    {
        EventKind.REGISTERED,
        EventKind.ANSWERED,
        EventKind.REPLIED,
        EventKind.ASKED,
        EventKind.NOTED,
        EventKind.SOLVED,
    }
)


# Built once: to build a statement costs more than to run it.
_EVENTS = (
    select(Event.id, Event.kind, Event.at, Event.actor_name, Event.staff_id, Event.message_id, Event.data)
    .add_columns(Delivery.recipient, Delivery.channel, Delivery.state, Delivery.accepted_at, Delivery.error)
    .select_from(Event)
    .outerjoin(Delivery, (Delivery.event_id == Event.id) & Delivery.is_for_customer.is_(True))
    .where(Event.ticket_id == bindparam("ticket"))
    .order_by(Event.id, Delivery.id)
)


@dataclass(frozen=True, slots=True)
class Conversation:
    entries: list[Entry]
    last_id: int  # of the newest message, so that an answer written meanwhile is noticed
    last_event: int  # and of the newest event that decides something
    is_cut: bool
    most: int = said.MOST


def conversation(head: Head, reader: Reader, *, is_manager: bool) -> Conversation:
    """Everything said and done on a request, oldest first, in three or four queries, with joined ones in three more."""
    messages = said.messages(head.ticket.id)
    files = said.files_of([head.ticket.id]) if head.ticket.has_files else {}
    events, notices = _events(head.ticket.id, reader)
    of_message: dict[int, Columns[Any] | None] = {
        event.message_id: event for event in events.values() if event.message_id
    }
    registered = next((event for event in events.values() if event.kind is EventKind.REGISTERED), None)
    of_message.update((message.id, registered) for message in messages[:1] if message.kind is MessageKind.REQUEST)
    told = Telling(head.ticket, reader)
    entries = [
        told.message(message, files.get(message.id, []), of_message.get(message.id), notices)
        for message in messages
        if message.recalled_at is None
    ]
    for event in events.values():
        if event.kind in _SPOKEN:
            continue
        if line := happening(event, reader, head.ticket.engineer_id, is_manager=is_manager):
            entries.append(told.line(event, line, notices.get(event.id, [])))
    joined = joined_talk.entries(head.ticket.id, reader) if head.ticket.has_joined else []
    entries += joined
    entries.sort(key=lambda entry: (entry.at, entry.kind != "line"))
    last_id = max((message.id for message in messages), default=0)
    last_event = max((event.id for event in events.values() if event.kind in DECISIVE), default=0)
    return Conversation(entries, last_id, last_event, is_cut=max(len(messages), len(joined)) >= said.MOST)


def _events(ticket_id: int, reader: Reader) -> tuple[dict[int, Columns[Any]], dict[int, list[Notice]]]:
    """Events by id, and the notices to the customer that came of each; one query."""
    events: dict[int, Columns[Any]] = {}
    notices: dict[int, list[Notice]] = defaultdict(list)
    for row in read_columns(_EVENTS, {"ticket": ticket_id}):
        events.setdefault(row.id, row)
        if row.recipient is not None:
            notices[row.id].append(notice(row, reader))
    return events, notices
