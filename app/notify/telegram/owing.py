"""Events become messages in chats, beside the letters: one query for the chats of a whole batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, cast, insert, null, select, union_all

from app import outbox, signing
from app.config import settings
from app.extensions import db, insert_into
from app.models.chat import BotMessage, Chat, ChatTicket
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import DeliveryChannel, DeliveryState
from app.notify.recipients import Cast
from app.notify.telegram.audience import Heard, audience

_AT_ONCE = 500  # rows of one INSERT; SQLite binds at most 32 766 values
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Chats:
    """The chats around the requests of a batch."""

    brought: dict[int, list[Chat]] = field(default_factory=lambda: defaultdict(list))  # by request
    paired: dict[int, list[Chat]] = field(default_factory=lambda: defaultdict(list))  # by person
    staff: list[Chat] = field(default_factory=list)

    def own(self, ticket: Ticket) -> list[Chat]:
        """The customer's: that brought the request, or are paired with its applicant."""
        paired = self.paired.get(ticket.person_id, []) if ticket.person_id else []
        return list({chat.id: chat for chat in (*self.brought.get(ticket.id, ()), *paired)}.values())


def owe(
    events: Sequence[Event],
    tickets: Mapping[int, Ticket],
    staff: Sequence[Staff],
    lettered: Collection[object],
    on_duty: Sequence[Staff],
    at: datetime,
) -> int:
    """Owe the chats what these events tell them; returns how many messages. ``lettered``: events with a letter to a
    customer, who is called by nobody when only the chat fails."""
    if not settings().telegram_bot_token:
        return 0
    chats = _chats(tickets.values(), staff)
    if not (chats.brought or chats.paired or chats.staff):
        return 0
    rows = []
    for event in events:
        ticket = tickets[event.ticket_id]
        people = Cast(ticket.company, ticket.engineer, staff, on_duty)
        for index, heard in enumerate(audience(event, ticket, people, chats.staff, chats.own(ticket))):
            rows.append(
                _delivery(event, ticket, heard, index, at) | {"is_escalated": _is_quiet(heard, event, lettered)}
            )
            outbox.notices_changed(ticket.number)
    messages = [_message(row, at) for row in _insert(rows)]
    if messages:
        db.session.execute(insert(BotMessage), messages)
        outbox.ring(outbox.TELEGRAM)
    return len(messages)


def _chats(tickets: Collection[Ticket], staff: Sequence[Staff]) -> Chats:
    found = Chats()
    no_ticket = cast(null(), Integer)
    people = {ticket.person_id for ticket in tickets if ticket.person_id is not None}
    query = union_all(
        _columns(ChatTicket.ticket_id)
        .join(ChatTicket, ChatTicket.chat_id == Chat.id)
        .where(ChatTicket.ticket_id.in_([ticket.id for ticket in tickets])),
        _columns(no_ticket).where(Chat.person_id.in_(people)),
        _columns(no_ticket).where(Chat.staff_id.in_([one.id for one in staff])),
    )
    for ticket_id, chat_id, person_id, staff_id, wishes in db.session.execute(query):
        chat = Chat(id=chat_id, person_id=person_id, staff_id=staff_id, wishes=wishes)  # never added: to be read
        if ticket_id is not None:
            found.brought[ticket_id].append(chat)
        elif person_id in people:
            found.paired[person_id].append(chat)
        else:
            found.staff.append(chat)
    return found


def _columns(ticket_id: Any) -> Select[*tuple[Any, ...]]:
    return select(ticket_id, Chat.id, Chat.person_id, Chat.staff_id, Chat.wishes).where(Chat.blocked_at.is_(None))


def _is_quiet(heard: Heard, event: Event, lettered: Collection[object]) -> bool:
    """Whether a failure is no matter for the manager: staff have their pages, and a letter goes to the customer."""
    return not heard.is_for_customer or event.id in lettered


def _delivery(event: Event, ticket: Ticket, heard: Heard, index: int, at: datetime) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "ticket_id": ticket.id,
        "notice": heard.name,
        "channel": DeliveryChannel.TELEGRAM,
        "recipient": str(heard.chat.id),
        "is_for_customer": heard.is_for_customer,
        "state": DeliveryState.WAITING,
        "message_id": signing.message_id(ticket.number, event.id * 10_000 + index * 10 + 2),
        "created_at": at,
        "attempts": 0,
        "next_attempt_at": None,
        "error": "",
    }


def _insert(rows: Rows) -> list[Any]:
    """Insert or ignore: one delivery per event, chat and channel; returns the new ones in the order of events."""
    made: list[Any] = []
    for first in range(0, len(rows), _AT_ONCE):
        query = insert_into(Delivery).values(rows[first : first + _AT_ONCE]).on_conflict_do_nothing()
        made += db.session.execute(
            query.returning(Delivery.id, Delivery.event_id, Delivery.ticket_id, Delivery.recipient)
        )
    order = {(row["event_id"], row["recipient"]): number for number, row in enumerate(rows)}
    return sorted(made, key=lambda row: order[row.event_id, row.recipient])


def _message(row: Any, at: datetime) -> dict[str, Any]:
    return {
        "chat_id": int(row.recipient),
        "ticket_id": row.ticket_id,
        "delivery_id": row.id,
        "text": "",
        "buttons": [],
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "parts_sent": 0,
        "created_at": at,
        "next_attempt_at": at,
    }
