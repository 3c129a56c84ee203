"""What erasing somebody would blank, in numbers, before anything is touched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.actor import Actor
from app.extensions import db
from app.models.company import Company
from app.models.contact_code import ContactCode
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.letter import Letter
from app.models.message import Attachment, Message
from app.models.promise import Promise
from app.models.rating import Rating
from app.models.reply_draft import ReplyDraft
from app.models.ticket import Ticket
from app.models.words import ActorKind, State
from app.person_data import theirs, traces
from app.person_data.whose import Whose
from app.policy import may_see_complaint
from app.translate import _

_AT_ONCE = 500
_MOST = 1_000_000


@dataclass(frozen=True)
class Preview:
    """``lines``: words and how many, only what there is, requests always. ``also_at``: companies of that address."""

    requests: int
    not_closed: int
    counts: Counter[str]
    also_at: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, int]]:
        return [
            (words, self.counts[name]) for name, words in _words().items() if self.counts[name] or name == "requests"
        ]


def preview(own: Whose, by: Actor | None) -> Preview:
    """``by``: who reads it; complaints that name them are not counted. None: the command."""
    counts: Counter[str] = Counter()
    not_closed = 0
    for ids in theirs.batches(own, _AT_ONCE):
        counts["requests"] += len(ids)
        not_closed += _count(Ticket.id, Ticket.id.in_(ids), Ticket.state != State.CLOSED)
        for name, column, *more in _PARTS:
            counts[name] += _count(column, column.in_(ids), *more)
    found = theirs.every_complaint(own)
    counts["complaints"] = len([one for one in found if by is None or may_see_complaint(by, one.about_id)])
    counts["elsewhere"] = len(db.session.scalars(theirs.said_elsewhere(own, _MOST)).all())
    counts["letters"] = len(db.session.scalars(theirs.letters(own)).all())
    counts["notices"] = _count(Delivery.id, theirs.notices(own))
    counts["unsent"] = _count(Delivery.id, theirs.notices(own), Delivery.next_attempt_at.is_not(None))
    counts["chats"] = len(theirs.chats(own))
    counts["calls"], counts["imports"] = len(traces.drafts(own)), len(traces.imports(own))
    counts["codes"] = _count(ContactCode.email, ContactCode.email.in_(own.emails))
    names = select(Company.name).where(Company.notice_email.in_(own.emails)).order_by(Company.name)
    return Preview(counts["requests"], not_closed, counts, list(db.session.scalars(names)))


_PARTS: tuple[tuple[Any, ...], ...] = (
    ("messages", Message.ticket_id),
    ("files", Attachment.ticket_id),
    ("happenings", Event.ticket_id, Event.actor_kind == ActorKind.CUSTOMER),
    ("reasons", Promise.ticket_id, Promise.reason.is_not(None)),
    ("ratings", Rating.ticket_id, Rating.comment != ""),
    ("originals", Letter.ticket_id, Letter.erased_at.is_(None)),
    ("drafts", ReplyDraft.ticket_id),
)


def _count(column: Any, *which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(column)).where(*which)) or 0


def _words() -> dict[str, str]:
    """In the order in which they are told."""
    return {
        "requests": _("заявок: темы, тексты, контакты заявителя"),
        "messages": _("сообщений в них, наши тоже"),
        "files": _("файлов"),
        "originals": _("оригиналов писем этих заявок"),
        "letters": _("писем с этих адресов: текст, отправитель, оригинал"),
        "elsewhere": _("сообщений этого человека в чужих заявках"),
        "happenings": _("строк истории: имя автора"),
        "reasons": _("причин переноса срока, написанных словами"),
        "ratings": _("слов к оценкам; сами оценки останутся"),
        "complaints": _("жалоб: имя, слова, файлы"),
        "notices": _("наших писем на эти адреса: кому"),
        "unsent": _("из них ещё не ушло и не уйдёт"),
        "chats": _("чатов Telegram: связь, переписка с ботом"),
        "drafts": _("начатых ответов"),
        "calls": _("начатых звонков"),
        "imports": _("загруженных и не записанных файлов CSV"),
        "codes": _("кодов для входа"),
    }
