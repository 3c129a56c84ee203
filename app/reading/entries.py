"""One entry of a conversation: a message or a grey line of history, in words for one reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as Columns

from app.models.words import Channel, MessageKind
from app.names import initials
from app.reading.notices import Notice
from app.reading.others import Others, others
from app.reading.queue_rows import channel_words
from app.reading.reader import Reader
from app.translate import _

_HOURS_APART = timedelta(hours=2)
_STAFF_KINDS = frozenset({MessageKind.REPLY, MessageKind.QUESTION, MessageKind.NOTE, MessageKind.SOLUTION})


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
    origin: str = ""  # the number of the joined request that it was said on
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


class Telling:
    """Words of one request's entries for one reader; what is the same for all of them is looked up once.

    ``ticket``: its columns, with the applicant, ``whose``, ``where`` and ``links``.
    """

    def __init__(self, ticket: Columns[Any], reader: Reader) -> None:
        self.ticket, self.reader = ticket, reader
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
        author = message.author or (self.ticket.applicant_name if not is_staff else "") or _("Без имени")
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
            others=others(message.others, self.ticket.applicant_email),
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
        ticket = self.ticket
        parts = [
            _("У кого: %(whose)s.", whose=ticket.whose.rstrip(".")) if ticket.whose else "",
            _("Где: %(where)s.", where=ticket.where.rstrip(".")) if ticket.where else "",
            _("Ссылки: %(links)s", links=" ".join(ticket.links.split())) if ticket.links else "",
        ]
        return " ".join(filter(None, parts))

    def _seconds(self, at: datetime) -> str:
        return f"{self.reader.clock_time(at)}:{at.second:02}"
