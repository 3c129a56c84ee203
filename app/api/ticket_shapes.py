"""Requests as JSON: what programs read of a request, its promises, messages, history and notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.actor import Actor
from app.config import settings
from app.durations import iso
from app.extensions import db
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.message import Attachment, Message
from app.models.promise import Promise
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.policy import may_read_event

Json = dict[str, Any]


def summaries(tickets: Sequence[Ticket]) -> list[Json]:
    """Requests with their promises, without messages, history and notices: two queries for a whole page."""
    engineers = _engineers(tickets)
    promises: dict[int, list[Json]] = defaultdict(list)
    query = select(Promise).where(Promise.ticket_id.in_([ticket.id for ticket in tickets])).order_by(Promise.id)
    for promise in db.session.scalars(query):
        promises[promise.ticket_id].append(promise_json(promise))
    return [{**_ticket(ticket, engineers), "promises": promises[ticket.id]} for ticket in tickets]


def whole(ticket: Ticket, by: Actor) -> Json:
    """A request with everything that belongs to it and is for this caller's eyes."""
    messages = select(Message).where(Message.ticket_id == ticket.id, Message.recalled_at.is_(None))
    events = select(Event).where(Event.ticket_id == ticket.id).order_by(Event.id)
    notices = select(Delivery).where(Delivery.ticket_id == ticket.id).order_by(Delivery.id)
    known = [
        event
        for event in db.session.scalars(events)
        if may_read_event(event.kind, event.data, ticket.engineer_id, staff_id=by.staff_id, is_manager=by.is_manager)
    ]
    told = {None, *(event.id for event in known)}
    with_files = messages.options(selectinload(Message.files)).order_by(Message.id)
    return {
        **summaries([ticket])[0],
        "messages": [message_json(message) for message in db.session.scalars(with_files)],
        "events": [_event(event) for event in known],
        "notices": [_notice(one) for one in db.session.scalars(notices) if one.event_id in told],
    }


def promise_json(promise: Promise) -> Json:
    return {
        "kind": promise.kind.value,
        "due_at": iso(promise.due_at),
        "stated_at": iso(promise.stated_at),
        "why": promise.why,
        "provisional": promise.provisional,
        "kept": promise.kept,
        "superseded_at": iso(promise.superseded_at) if promise.superseded_at else None,
        "reason": promise.reason,
    }


def message_json(message: Message) -> Json:
    return {
        "id": message.id,
        "kind": message.kind.value,
        "author": message.author,
        "text": message.text,
        "channel": message.channel.value,
        "at": iso(message.at),
        "flags": list(message.flags),
        "files": [_file(file) for file in message.files],
    }


def _ticket(ticket: Ticket, engineers: dict[int, str]) -> Json:
    return {
        "number": ticket.number,
        "state": ticket.state.value,
        "urgency": ticket.urgency.value,
        "channel": ticket.channel.value,
        "title": ticket.title,
        "what": ticket.what,
        "whose": ticket.whose,
        "where": ticket.where,
        "links": ticket.links,
        "applicant": {
            "name": ticket.applicant_name,
            "email": ticket.applicant_email,
            "phone": ticket.applicant_phone,
        },
        "company": ticket.company_name or None,
        "engineer": engineers.get(ticket.engineer_id or 0),
        "holder": ticket.holder.value,
        "created_at": iso(ticket.created_at),
        "reopened": ticket.reopened_count,
        "rating": ticket.rating,
    }


def _engineers(tickets: Sequence[Ticket]) -> dict[int, str]:
    ids = {ticket.engineer_id for ticket in tickets if ticket.engineer_id}
    if not ids:
        return {}
    return {row.id: row.email for row in db.session.execute(select(Staff.id, Staff.email).where(Staff.id.in_(ids)))}


def _file(file: Attachment) -> Json:
    url = f"{settings().public_url}/files/{file.id}"
    return {"name": file.name, "size": file.size, "type": file.type, "url": url}


def _event(event: Event) -> Json:
    return {
        "kind": event.kind.value,
        "at": iso(event.at),
        "actor": event.actor_name,
        "channel": event.channel.value if event.channel else None,
    }


def _notice(delivery: Delivery) -> Json:
    return {
        "event": delivery.notice,
        "to": delivery.recipient,
        "channel": delivery.channel.value,
        "state": delivery.state.value,
        "at": iso(delivery.accepted_at or delivery.tried_at or delivery.created_at),
    }
