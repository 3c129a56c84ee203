"""The verb that takes names and texts out of requests, at the wish of whom they are about.

Numbers, times, states, promises and figures stay. This is the one way in which what was said and done is ever changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app import escalations, outbox, search_marks
from app.actor import Actor
from app.complaints.erasing import TITLE
from app.extensions import db
from app.models.complaint import ComplaintFile
from app.models.escalation import Escalation
from app.models.event import Event
from app.models.letter import Letter
from app.models.message import Attachment, Message
from app.models.promise import Holding, Promise
from app.models.rating import Rating
from app.models.reply_draft import ReplyDraft
from app.models.search import SearchDocument
from app.models.ticket import Ticket
from app.models.words import ActorKind, Channel, EventKind, PromiseKind

# Where words and a name stood: nobody is taken for somebody else.
TEXT, NAME = "Текст стёрт", "Имя стёрто"
_WORDS: dict[InstrumentedAttribute[Any], Any] = {
    Ticket.title: TITLE, Ticket.what: "", Ticket.whose: "", Ticket.where: "", Ticket.links: "",
    Ticket.applicant_name: "", Ticket.applicant_email: "", Ticket.applicant_phone: "",
}  # fmt: skip
_SAID: dict[str, Any] = {"text": TEXT, "quoted": ""}
# Of an event: words of the desk, names of companies and staff. All other words in it are somebody's own.
_KEPT = frozenset(
    {"urgency", "missing", "cause", "holder", "about", "engineer", "left", "into", "joined", "state", "before",
     "due_at", "look_again_at", "notice", "status", "company"}
)  # fmt: skip
_WEAK = {"synchronize_session": False}


def erase(ticket_ids: Sequence[int], by: Actor, at: datetime) -> list[str]:
    """Take names and texts out of these requests; erased already: nothing happens.

    Returns the ids of files that are in no row any more: the caller takes them off the disk once this is committed.
    """
    query = select(Ticket).where(Ticket.id.in_(ticket_ids), Ticket.erased_at.is_(None)).order_by(Ticket.id)
    tickets = db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).all()
    ids = [ticket.id for ticket in tickets]
    if not ids:
        return []
    counts = {name: _count(column, ids) for name, column in _COUNTED.items()}
    for ticket in tickets:
        _blank(ticket, at)
        numbers: dict[str, Any] = {name: counted[ticket.id] for name, counted in counts.items()}
        outbox.record(ticket, EventKind.ERASED, by, at, is_confidential=True, **numbers)  # it touches nothing
        outbox.changed(f"ticket:{ticket.number}", outbox.QUEUE_TOPIC)
    db.session.flush()
    _blank_rest(ids)
    return _forget_files(Attachment.ticket_id.in_(ids))


def erase_said(message_ids: Sequence[int], by: Actor, at: datetime) -> list[str]:
    """The same for single messages in requests of other people; returns files as ``erase`` does."""
    own = select(Message.id, Message.ticket_id).where(Message.id.in_(message_ids), is_said())
    of_ticket: dict[int, list[int]] = defaultdict(list)
    for message_id, ticket_id in db.session.execute(own.order_by(Message.id)):
        of_ticket[ticket_id].append(message_id)
    ids = [one for said in of_ticket.values() for one in said]
    if not ids:
        return []
    files = select(Attachment.ticket_id, func.count()).where(Attachment.message_id.in_(ids))
    with_files = dict(db.session.execute(files.group_by(Attachment.ticket_id)).all())
    values = {**_SAID, "author": NAME}
    db.session.execute(update(Message).where(Message.id.in_(ids)).values(values), execution_options=_WEAK)
    _blank_events(Event.ticket_id.in_(of_ticket), Event.message_id.in_(ids))
    for ticket in db.session.scalars(select(Ticket).where(Ticket.id.in_(of_ticket)).order_by(Ticket.id)):
        numbers: dict[str, Any] = {"messages": len(of_ticket[ticket.id]), "files": with_files.get(ticket.id, 0)}
        outbox.record(ticket, EventKind.ERASED, by, at, is_confidential=True, **numbers)
        outbox.changed(f"ticket:{ticket.number}")
    _forget_words(list(of_ticket))
    return _forget_files(Attachment.message_id.in_(ids))


def is_said() -> ColumnElement[bool]:
    """As a condition for messages of customers: their words are not erased yet."""
    return or_(Message.text != TEXT, Message.author != NAME)


_COUNTED = {"messages": Message.ticket_id, "files": Attachment.ticket_id, "letters": Letter.ticket_id}


def _count(column: InstrumentedAttribute[Any], ids: Sequence[int]) -> Counter[int]:
    query = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return Counter(dict(db.session.execute(query).all()))


def _blank(ticket: Ticket, at: datetime) -> None:
    for column, nothing in _WORDS.items():
        setattr(ticket, column.key, nothing)
    if ticket.company_id is None:
        ticket.company_name = ""  # as the applicant wrote it: of a firm of one it is a name
    if ticket.channel is Channel.TELEGRAM:
        ticket.intake_key = None  # it begins with the chat's number
    ticket.missing = []  # nobody is asked for it any more
    ticket.is_address_confirmed = False
    ticket.link_version += 1  # their links lead nowhere now
    ticket.erased_at = at


def _blank_rest(ids: Sequence[int]) -> None:
    said = update(Message).where(Message.ticket_id.in_(ids))
    values: list[tuple[Any, dict[str, Any]]] = [
        (said, _SAID),
        (said.where(Message.staff_id.is_(None)), {"author": NAME}),
        (said.where(Message.channel == Channel.TELEGRAM), {"intake_key": None}),
        (update(Rating).where(Rating.ticket_id.in_(ids)), {"comment": ""}),
        (update(Holding).where(Holding.ticket_id.in_(ids), Holding.reason != ""), {"reason": ""}),
    ]
    for statement, nothing in values:
        db.session.execute(statement.values(nothing), execution_options=_WEAK)
    db.session.execute(delete(ReplyDraft).where(ReplyDraft.ticket_id.in_(ids)), execution_options=_WEAK)
    _blank_events(Event.ticket_id.in_(ids))
    _blank_reasons(ids)
    escalations.erase(Escalation.ticket_id.in_(ids))
    _forget_words(ids)


def _blank_events(*which: ColumnElement[bool]) -> None:
    """What an event says in numbers and in words of the desk stays."""
    query = select(Event.id, Event.actor_kind, Event.actor_name, Event.data).where(*which)
    for row in db.session.execute(query).all():
        name = "" if row.actor_kind is ActorKind.CUSTOMER else row.actor_name
        data = {key: _without_words(key, value) for key, value in row.data.items()}
        if (name, data) != (row.actor_name, row.data):
            changed = update(Event).where(Event.id == row.id).values(actor_name=name, data=data)
            db.session.execute(changed, execution_options=_WEAK)


def _without_words(key: str, value: Any) -> Any:
    if key in _KEPT or (key == "text" and value in set(PromiseKind)):
        return value
    match value:
        case str():
            return ""
        case list():
            return [one for one in value if not isinstance(one, str)]
        case dict():
            return {}
    return value


def _blank_reasons(ids: Sequence[int]) -> None:
    """An engineer's own words about a deadline; the sentence that outsiders read never had them."""
    query = select(Promise.id, Promise.basis, Promise.why_public)
    for row in db.session.execute(query.where(Promise.ticket_id.in_(ids), Promise.reason.is_not(None))).all():
        values: dict[str, Any] = {"reason": ""}
        if row.basis.get("reason"):
            values |= {"basis": _without_reason(row.basis), "why": row.why_public}
        db.session.execute(update(Promise).where(Promise.id == row.id).values(values), execution_options=_WEAK)


def _without_reason(basis: dict[str, Any]) -> dict[str, Any]:
    aside = basis.get("set_aside")
    return {**basis, "reason": "", "set_aside": _without_reason(aside) if aside else aside}


def _forget_words(ids: Sequence[int]) -> None:
    """Searching knows them no more from the commit on; the words that are left are written anew."""
    db.session.execute(delete(SearchDocument).where(SearchDocument.ticket_id.in_(ids)), execution_options=_WEAK)
    search_marks.mark(ids)


def _forget_files(which: Any) -> list[str]:
    gone = delete(Attachment).where(which).returning(Attachment.storage_id)
    return free_of_rows(db.session.scalars(gone, execution_options=_WEAK).all())


def free_of_rows(storage_ids: Iterable[str]) -> list[str]:
    """Those of them that no message and no complaint holds."""
    wanted = set(storage_ids)
    held: set[str] = set()
    for noun in (Attachment, ComplaintFile):
        held.update(db.session.scalars(select(noun.storage_id).where(noun.storage_id.in_(wanted))))
    return sorted(wanted - held)
