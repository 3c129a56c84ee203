"""Complaints as managers read them: the list, the case with its history, and what lies beside a request."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import Row as Columns
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import aliased

from app import complaints
from app.actor import Actor
from app.extensions import db
from app.models.complaint import Complaint, ComplaintEntry, ComplaintFile
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import ComplaintEntryKind, ComplaintOrigin, ComplaintState, DeliveryState
from app.names import initials
from app.reading.reader import Reader
from app.translate import _

PAGE = 50
_MANAGER, _ABOUT, _SEER = aliased(Staff), aliased(Staff), aliased(Staff)
_ROWS = (
    select(Complaint.id, Complaint.state, Complaint.origin, Complaint.title, Complaint.name, Complaint.email)
    .add_columns(Complaint.phone, Complaint.is_confirmed, Complaint.opened_at, Complaint.due_at, Complaint.answered_at)
    .add_columns(Ticket.number, Ticket.company_name, Ticket.reopened_count, _MANAGER.name.label("manager"))
    .add_columns(_ABOUT.name.label("about"), Escalation.acknowledged_at, _SEER.name.label("seer"))
    .outerjoin(Ticket, Ticket.id == Complaint.ticket_id)
    .outerjoin(_MANAGER, _MANAGER.id == Complaint.manager_id)
    .outerjoin(_ABOUT, _ABOUT.id == Complaint.about_id)
    .outerjoin(Escalation, Escalation.id == Complaint.escalation_id)
    .outerjoin(_SEER, _SEER.id == Escalation.acknowledged_by_id)
)


class View(StrEnum):
    OPEN = auto()
    ANSWERED = auto()
    CLOSED = auto()


@dataclass(frozen=True)
class Page:
    """Open ones by the time that was promised, the others newest first. ``after``: where the next page begins."""

    view: View
    rows: list[Columns[tuple[object, ...]]]
    counts: dict[str, int]
    after: int = 0


@dataclass(frozen=True)
class Entry:
    """One row of the case. ``look``: customer, reply, note or line, as on a request's page."""

    look: str
    author: str
    initials: str
    text: str
    time: str
    iso: str
    how: str = ""
    fate: str = ""
    files: list[ComplaintFile] = field(default_factory=list)


def page(view: View, actor: Actor, after: int = 0) -> Page:
    """At most ``PAGE`` cases that this reader may see, in two queries."""
    query = _ROWS.where(Complaint.state == ComplaintState(view.value), complaints.visible(actor))
    if view is View.OPEN:
        last = db.session.execute(select(Complaint.due_at, Complaint.id).where(Complaint.id == after)).first()
        query = query.where(tuple_(Complaint.due_at, Complaint.id) > tuple_(*last)) if last else query
        query = query.order_by(Complaint.due_at, Complaint.id)
    else:
        query = query.where(Complaint.id < after) if after else query
        query = query.order_by(Complaint.id.desc())
    found = list(db.session.execute(query.limit(PAGE + 1)))
    counts = select(Complaint.state, func.count()).where(complaints.visible(actor)).group_by(Complaint.state)
    known = {state.value: count for state, count in db.session.execute(counts)}
    return Page(view, found[:PAGE], known, found[PAGE - 1].id if len(found) > PAGE else 0)


def row(complaint: Complaint) -> Columns[tuple[object, ...]]:
    """One case with the names around it; the caller has looked at rights."""
    return db.session.execute(_ROWS.where(Complaint.id == complaint.id)).one()


def entries(complaint: Complaint, reader: Reader) -> list[Entry]:
    """Everything said and done, oldest first, in two queries."""
    query = (
        select(ComplaintEntry, Delivery.state, Delivery.error)
        .outerjoin(Delivery, Delivery.id == ComplaintEntry.delivery_id)
        .where(ComplaintEntry.complaint_id == complaint.id)
        .order_by(ComplaintEntry.id)
    )
    files: dict[int, list[ComplaintFile]] = defaultdict(list)
    kept = select(ComplaintFile).where(ComplaintFile.complaint_id == complaint.id).order_by(ComplaintFile.id)
    for file in db.session.scalars(kept):
        files[file.entry_id].append(file)
    return [
        _entry(entry, state, error or "", files[entry.id], reader) for entry, state, error in db.session.execute(query)
    ]


def origin_words(origin: ComplaintOrigin) -> str:
    return {
        ComplaintOrigin.CUSTOMER: _("жалоба клиента"),
        ComplaintOrigin.CALL: _("позвали руководителя"),
        ComplaintOrigin.RATING: _("низкая оценка"),
        ComplaintOrigin.REOPENING: _("открыта заново не в первый раз"),
        ComplaintOrigin.LETTER: _("письмо руководителю"),
        ComplaintOrigin.PHONE: _("по телефону"),
    }[origin]


def is_late(due_at: datetime, reader: Reader) -> bool:
    return due_at <= reader.at


def _entry(
    entry: ComplaintEntry, state: DeliveryState | None, error: str, files: list[ComplaintFile], reader: Reader
) -> Entry:
    look = _LOOKS.get(entry.kind, "line")
    text = entry.text if look != "line" else _line(entry)
    author = _("Вы") if entry.staff_id is not None and entry.staff_id == reader.staff_id else entry.author
    return Entry(
        look,
        author or _("Клиент"),
        initials(entry.author),
        text,
        reader.time_or_day(entry.at),
        entry.at.isoformat(),
        _how(entry),
        _fate(entry, state, error),
        files,
    )


def _line(entry: ComplaintEntry) -> str:
    who = entry.author or "HelpDesk"
    match entry.kind:
        case ComplaintEntryKind.ASSIGNED:
            return _("Разбирается: %(manager)s (назначено: %(who)s)", manager=entry.text, who=who)
        case ComplaintEntryKind.REOPENED:
            return _("Клиент написал снова: жалоба открыта, срок ответа новый")
        case ComplaintEntryKind.REMINDED:
            return _("Срок ответа прошёл, руководители получили письмо")
    closed = _("Жалоба закрыта: %(who)s", who=who)
    return f"{closed}. {entry.text}" if entry.text else closed


def _how(entry: ComplaintEntry) -> str:
    return {
        ComplaintEntryKind.WRITTEN: _("клиенту"),
        ComplaintEntryKind.OUTCOME: _("письменный ответ клиенту"),
        ComplaintEntryKind.NOTED: _("заметка, клиент не видит"),
    }.get(entry.kind, "")


def _fate(entry: ComplaintEntry, state: DeliveryState | None, error: str) -> str:
    """Whether the words reached the customer."""
    if entry.kind not in {ComplaintEntryKind.WRITTEN, ComplaintEntryKind.OUTCOME}:
        return ""
    if state is None:
        return (
            _("отправлено в Telegram") if entry.bot_message_id else _("Не отправлено: нет адреса. Позвоните клиенту.")
        )
    return {
        DeliveryState.WAITING: _("письмо ещё не ушло"),
        DeliveryState.SENT: _("письмо передано серверу"),
        DeliveryState.ACCEPTED: _("письмо принято сервером"),
        DeliveryState.BOUNCED: _("Письмо вернулось (%(error)s). Позвоните клиенту.", error=error),
        DeliveryState.FAILED: _("Письмо не ушло (%(error)s). Позвоните клиенту.", error=error),
    }[state]


_LOOKS = {
    ComplaintEntryKind.SAID: "customer",
    ComplaintEntryKind.WRITTEN: "reply",
    ComplaintEntryKind.OUTCOME: "reply",
    ComplaintEntryKind.NOTED: "note",
}
