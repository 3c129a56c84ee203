"""Everything that ever happened to a request: promises, events and notices, none left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import select

from app import durations, promises
from app.extensions import db
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.promise import Promise
from app.models.words import EventKind, PromiseKind
from app.policy import may_read_event
from app.promises import Basis
from app.reading.happenings import happening
from app.reading.notices import Notice, notice
from app.reading.queue_rows import channel_words
from app.reading.reader import Reader
from app.reading.ticket import Head
from app.translate import _


@dataclass(frozen=True, slots=True)
class Stated:
    """One promise as it was stated."""

    kind: str
    due: str
    due_iso: str
    stated: str
    why: str
    reason: str
    fate: str


@dataclass(frozen=True, slots=True)
class Happened:
    when: str
    iso: str
    kind: str
    text: str
    channel: str


@dataclass(frozen=True, slots=True)
class Told:
    notice: str
    when: str
    fate: Notice
    attempts: int


@dataclass(frozen=True, slots=True)
class History:
    promises: list[Stated]
    events: list[Happened]
    notices: list[Told]


def history(head: Head, reader: Reader, *, is_manager: bool) -> History:
    """In three queries; what is confidential only for managers."""
    events = _read(Event, head, Event.id)
    engineer_id, staff_id = head.ticket.engineer_id, reader.staff_id
    hidden = {
        event.id
        for event in events
        if not may_read_event(event.kind, event.data, engineer_id, staff_id=staff_id, is_manager=is_manager)
    }
    return History(
        promises=[_stated(row, reader) for row in _read(Promise, head, Promise.id)],
        events=[_happened(row, reader, engineer_id, is_manager=is_manager) for row in events if row.id not in hidden],
        notices=[_told(row, reader) for row in _read(Delivery, head, Delivery.id) if row.event_id not in hidden],
    )


def _read(table: Any, head: Head, order: Any) -> list[Columns[Any]]:
    columns = select(*table.__table__.columns).where(table.ticket_id == head.ticket.id).order_by(order)
    return list(db.session.execute(columns))


def _stated(row: Columns[Any], reader: Reader) -> Stated:
    fate = {True: _("сдержан"), False: _("не сдержан")}.get(row.kept, "")
    if row.superseded_at is not None and row.kept is None:
        fate = _("заменён %(when)s", when=reader.short_moment(row.superseded_at))
    return Stated(
        kind=_("решение") if row.kind is PromiseKind.SOLUTION else _("первый ответ"),
        due=reader.short_moment(row.due_at),
        due_iso=durations.iso(row.due_at),
        stated=reader.short_moment(row.stated_at),
        why=row.why if reader.is_russian else promises.why_en(Basis.from_json(row.basis)),
        reason=_(row.reason or ""),  # a person's words, or the program's own
        fate=fate or _("в силе"),
    )


def _happened(row: Columns[Any], reader: Reader, engineer_id: int | None, *, is_manager: bool) -> Happened:
    text = happening(row, reader, engineer_id, is_manager=is_manager)
    if row.kind is EventKind.ESCALATED and row.data.get("text"):
        of_promise = {PromiseKind.SOLUTION.value: _("решение"), PromiseKind.REACTION.value: _("первый ответ")}
        text = f"{text}: {of_promise.get(row.data['text'], row.data['text'])}"
    channel = channel_words()[row.channel] if row.channel else ""
    return Happened(reader.short_moment(row.at), durations.iso(row.at), row.kind.value, text, channel)


def _told(row: Columns[Any], reader: Reader) -> Told:
    return Told(row.notice, reader.short_moment(row.created_at), notice(row, reader), row.attempts)
