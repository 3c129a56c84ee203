"""The conversation on a request: messages and grey lines of history in one order, with the fate of every notice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, bindparam, select

from app.extensions import db
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.letter import Letter
from app.models.message import Attachment, Message
from app.models.words import Channel, EventKind, MessageKind
from app.reading.happenings import DECISIVE, happening
from app.reading.notices import Notice, notice
from app.reading.others import Others, others
from app.reading.queue_rows import channel_words
from app.reading.reader import Reader, initials
from app.reading.ticket import Head
from app.translate import _

_HOURS_APART = timedelta(hours=2)
MOST = 400  # messages on one page, the newest
_STAFF_KINDS = frozenset({MessageKind.REPLY, MessageKind.QUESTION, MessageKind.NOTE, MessageKind.SOLUTION})
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
_MESSAGES = (
    select(Message.id, Message.kind, Message.channel, Message.author, Message.staff_id, Message.text)
    .add_columns(Message.quoted, Message.flags, Message.at, Message.visible_at, Message.recalled_at)
    .add_columns(Message.letter_id, Letter.has_html, Letter.written_at, Letter.received_at, Letter.others)
    .add_columns(Letter.erased_at)
    .select_from(Message)
    .outerjoin(Letter, Letter.id == Message.letter_id)
    .where(Message.ticket_id == bindparam("ticket"))
    .order_by(Message.id.desc())
    .limit(MOST)
)
_EVENTS = (
    select(Event.id, Event.kind, Event.at, Event.actor_name, Event.staff_id, Event.message_id, Event.data)
    .add_columns(Delivery.recipient, Delivery.channel, Delivery.state, Delivery.accepted_at, Delivery.error)
    .select_from(Event)
    .outerjoin(Delivery, (Delivery.event_id == Event.id) & Delivery.is_for_customer.is_(True))
    .where(Event.ticket_id == bindparam("ticket"))
    .order_by(Event.id, Delivery.id)
)


@dataclass(slots=True)
class Entry:
    """One message or one grey line (``kind`` is then "line"). ``look``: customer, reply, note or solution."""

    at: datetime
    kind: str
    text: str
    time: str
    iso: str
    id: int = 0
    look: str = "line"
    author: str = ""
    initials: str = ""
    is_mine: bool = False
    how: str = ""
    extra: str = ""
    quoted: str = ""
    flags: Sequence[str] = ()
    files: list[Columns[Any]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    is_outside: bool = False  # a stranger's, seen by staff alone until one lets it in
    leaves_at: str = ""  # until then its author may take it back
    others: Others = Others()
    has_letter: bool = False  # the original can be had
    has_html: bool = False
    written: str = ""  # when its Date header says it was written, where that is hours away


@dataclass(frozen=True, slots=True)
class Conversation:
    entries: list[Entry]
    last_id: int  # of the newest message, so that an answer written meanwhile is noticed
    last_event: int  # and of the newest event that decides something
    is_cut: bool


def conversation(head: Head, reader: Reader, *, is_manager: bool) -> Conversation:
    """Everything said and done on a request, oldest first, in three or four queries."""
    messages = _messages(head.ticket.id)
    files = _files(head.ticket.id) if head.ticket.has_files else {}
    events, notices = _events(head.ticket.id, reader)
    of_message: dict[int, Columns[Any] | None] = {
        event.message_id: event for event in events.values() if event.message_id
    }
    registered = next((event for event in events.values() if event.kind is EventKind.REGISTERED), None)
    of_message.update((message.id, registered) for message in messages[:1] if message.kind is MessageKind.REQUEST)
    told = _Telling(head, reader)
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
    entries.sort(key=lambda entry: (entry.at, entry.kind != "line"))
    last_id = max((message.id for message in messages), default=0)
    last_event = max((event.id for event in events.values() if event.kind in DECISIVE), default=0)
    return Conversation(entries, last_id, last_event, is_cut=len(messages) == MOST)


class _Telling:
    """Words for one reader; what is the same for all entries is looked up once."""

    def __init__(self, head: Head, reader: Reader) -> None:
        self.head, self.reader = head, reader
        self.you = _("Вы")
        self.channels = channel_words()
        self.flags = {
            "stranger": _("пишет посторонний, видят только сотрудники"),
            "sender not verified": _("отправитель не подтверждён"),
            "message-id used before": _("письмо с уже известным Message-ID"),
            "dmarc fail": _("отправитель, скорее всего, подделан"),
            "spam": _("почтовый сервер считает письмо спамом"),
            "flood": _("подозрительная: много писем с этого адреса подряд"),
            "repeats": _("подозрительная: похоже на переписку с автоответчиком, писем туда больше не шлём"),
            "encrypted": _("зашифровано"),
            "signed": _("подпись не проверялась"),
            "thanks": _("благодарность"),
            "not reopened": _("заявка не открыта заново"),
        }
        self.by_staff = {
            MessageKind.REPLY: _("клиенту"),
            MessageKind.QUESTION: _("вопрос клиенту"),
            MessageKind.SOLUTION: _("решение, клиенту"),
            MessageKind.NOTE: "",
        }

    def message(
        self,
        message: Columns[Any],
        files: list[Columns[Any]],
        event: Columns[Any] | None,
        notices: dict[int, list[Notice]],
    ) -> Entry:
        is_staff = message.staff_id is not None or message.kind in _STAFF_KINDS
        is_mine = message.staff_id is not None and message.staff_id == self.reader.staff_id
        is_pending = is_mine and message.visible_at > self.reader.at
        author = message.author or (self.head.ticket.applicant_name if not is_staff else "") or _("Без имени")
        return Entry(
            at=message.at,
            kind=message.kind.value,
            text=message.text,
            time=self.reader.time_or_day(message.at),
            iso=message.at.isoformat(),
            id=message.id,
            look=message.kind.value if message.kind in _STAFF_KINDS else "customer",
            author=self.you if is_mine and message.kind is not MessageKind.NOTE else author,
            initials=initials(author),
            is_mine=is_mine,
            how=self._how(message),
            extra=self._extra() if message.kind is MessageKind.REQUEST else "",
            quoted=message.quoted,
            flags=[self.flags.get(flag, flag) for flag in message.flags],
            is_outside="stranger" in message.flags,
            files=files,
            notices=notices.get(event.id, []) if event and message.kind is not MessageKind.NOTE else [],
            leaves_at=self._seconds(message.visible_at) if is_pending else "",
            has_letter=message.letter_id is not None and message.erased_at is None,
            has_html=message.letter_id is not None and message.has_html is not False,
            written=self._written(message),
            others=others(message.others, self.head.ticket.applicant_email),
        )

    def line(self, event: Columns[Any], text: str, notices: list[Notice]) -> Entry:
        time = self.reader.time_or_day(event.at)
        return Entry(event.at, "line", text, time, event.at.isoformat(), id=event.id, notices=notices)

    def _how(self, message: Columns[Any]) -> str:
        if message.kind in self.by_staff:
            return self.by_staff[message.kind]
        if message.kind is MessageKind.AUTO:
            return _("автоматический ответ")
        if message.kind is MessageKind.ANSWER and message.channel in {Channel.EMAIL, Channel.WEB}:
            return _("ответом на письмо") if message.channel is Channel.EMAIL else _("на странице заявки")
        return self.channels[message.channel]

    def _written(self, message: Columns[Any]) -> str:
        """Clocks of senders are wrong, and letters lie about: from some hours on the reader should know."""
        if not message.written_at or abs(message.written_at - message.received_at) < _HOURS_APART:
            return ""
        return _("написано %(moment)s, как указал отправитель", moment=self.reader.moment(message.written_at))

    def _extra(self) -> str:
        ticket = self.head.ticket
        parts = [
            _("У кого: %(whose)s.", whose=ticket.whose.rstrip(".")) if ticket.whose else "",
            _("Где: %(where)s.", where=ticket.where.rstrip(".")) if ticket.where else "",
            _("Ссылки: %(links)s", links=" ".join(ticket.links.split())) if ticket.links else "",
        ]
        return " ".join(filter(None, parts))

    def _seconds(self, at: datetime) -> str:
        return f"{self.reader.clock_time(at)}:{at.second:02}"


def _messages(ticket_id: int) -> list[Columns[Any]]:
    return list(db.session.execute(_MESSAGES, {"ticket": ticket_id}))[::-1]


def _files(ticket_id: int) -> dict[int, list[Columns[Any]]]:
    query: Select[*tuple[Any, ...]] = select(
        *(Attachment.id, Attachment.message_id, Attachment.name, Attachment.type, Attachment.size),
        Attachment.is_infected,
    )
    found: dict[int, list[Columns[Any]]] = defaultdict(list)
    for file in db.session.execute(query.where(Attachment.ticket_id == ticket_id).order_by(Attachment.id)):
        found[file.message_id].append(file)
    return found


def _events(ticket_id: int, reader: Reader) -> tuple[dict[int, Columns[Any]], dict[int, list[Notice]]]:
    """Events by id, and the notices to the customer that came of each; one query."""
    events: dict[int, Columns[Any]] = {}
    notices: dict[int, list[Notice]] = defaultdict(list)
    for row in db.session.execute(_EVENTS, {"ticket": ticket_id}):
        events.setdefault(row.id, row)
        if row.recipient is not None:
            notices[row.id].append(notice(row, reader))
    return events, notices
