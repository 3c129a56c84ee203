"""A letter with its formatting: read anew from the bytes as they came, made harmless, and nothing of it is kept."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, select

from app import pairing
from app.errors import NotFound
from app.extensions import db
from app.intake.mime import child
from app.intake.mime.letter import ParsedFile, ParsedLetter, Unreadable
from app.letter_html.child import made_safe
from app.letter_html.rasters import data_address
from app.letter_html.render import Shown, Task
from app.models.letter import Letter
from app.models.message import Attachment, Message
from app.models.ticket import Ticket
from app.models.words import MessageKind
from app.rows import is_id
from app.translate import _

_MOST_PICTURES = 8_000_000  # characters of all their addresses together
_KEPT, _LONGEST_KEPT = 6, 2_000_000  # the page asks first and its frame a moment later


@dataclass(frozen=True, slots=True)
class Original:
    """A letter's bytes as they came, and the id that its file is named by."""

    letter_id: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Formatted:
    """One message as its letter looks. ``refusal``: the sentence that stands in for it, else empty."""

    message_id: int
    markup: str
    refusal: str
    hosts: Sequence[str]
    origins: Sequence[str]
    waiting: int
    height: int
    has_pictures: bool  # those from elsewhere are in it


def original(number: str, message_id: int) -> Original:
    """The letter that a message of this request came in; raises NotFound."""
    row = _row(number, message_id)
    db.session.rollback()
    return Original(row.letter_id, row.raw)


def formatted(number: str, message_id: int, our_hosts: Collection[str], *, wants_pictures: bool) -> Formatted:
    """The letter of a message as it may be shown; raises NotFound. ``our_hosts``: no picture comes from there."""
    row = _row(number, message_id)
    infected = frozenset(_infected(row.ticket_id))
    db.session.rollback()  # no transaction waits for the processes that read
    words = _words()
    key = (row.sha256, row.kind, infected, wants_pictures, words["quoted"])
    shown = _recent.get(key)
    if shown is None:
        shown = _shown(row, infected, our_hosts, words, wants_pictures=wants_pictures)
        _recent.put(key, shown)
    return Formatted(
        message_id=message_id,
        markup=shown.markup,
        refusal=_refusal(shown.refusal),
        hosts=shown.hosts,
        origins=shown.origins,
        waiting=shown.waiting,
        height=shown.height,
        has_pictures=wants_pictures and bool(shown.hosts),
    )


def _row(number: str, message_id: int) -> Columns[Any]:
    query: Select[*tuple[Any, ...]] = (
        select(Message.ticket_id, Message.kind, Letter.id.label("letter_id"), Letter.raw, Letter.size, Letter.sha256)
        .add_columns(Letter.erased_at)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .join(Letter, Letter.id == Message.letter_id)
        .where(Ticket.number == number, Message.id == message_id, Message.recalled_at.is_(None))
    )
    row = db.session.execute(query).first() if is_id(message_id) else None
    if row is None:
        raise NotFound("Такого письма в этой заявке нет.")
    if row.erased_at is not None:
        raise NotFound("Оригинал этого письма стёрт: срок его хранения вышел. Текст и файлы остались в заявке.")
    return row


def _infected(ticket_id: int) -> Sequence[str]:
    query = select(Attachment.sha256).where(Attachment.ticket_id == ticket_id, Attachment.is_infected.is_(True))
    return db.session.scalars(query).all()


def _shown(
    row: Columns[Any],
    infected: Collection[str],
    our_hosts: Collection[str],
    words: dict[str, str],
    *,
    wants_pictures: bool,
) -> Shown:
    if len(row.raw) != row.size:
        return Shown(refusal="incomplete")
    try:
        parsed = child.parse(row.raw)
    except Unreadable:
        return Shown(refusal="heavy")
    return made_safe(
        Task(
            markup=pairing.without_links(parsed.html),
            words=words,
            pictures=_pictures(parsed, infected),
            our_hosts=sorted(our_hosts),
            has_quotation=row.kind is not MessageKind.REQUEST,
            wants_pictures=wants_pictures,
        )
    )


def _pictures(parsed: ParsedLetter, infected: Collection[str]) -> dict[str, str]:
    """By Content-ID in lower case, as many as a page can bear."""
    found: dict[str, str] = {}
    left = _MOST_PICTURES
    for file in parsed.files:
        if not file.content_id or _digest(file) in infected or len(file.content) > left:
            continue
        if address := data_address(file.content):
            left -= len(address)
            found.setdefault(file.content_id.lower(), address)
    return found


def _digest(file: ParsedFile) -> str:
    return hashlib.sha256(file.content).hexdigest()


def _words() -> dict[str, str]:
    return {
        "quoted": _("Прежняя переписка"),
        "from": _("картинка с %s"),
        "inside": _("картинка из внутренней сети, %s"),
        "missing": _("картинка, которой нет в письме"),
        "unknown": _("картинка"),
    }


def _refusal(cause: str) -> str:
    causes = {
        "nothing": _("В этом письме нет оформления, только текст."),
        "long": _("Оформление этого письма слишком велико, показан только текст. Есть оригинал."),
        "links": _("В этом письме больше 5000 ссылок, показан только текст. Есть оригинал."),
        "heavy": _("Оформление этого письма не удалось разобрать безопасно, показан только текст. Есть оригинал."),
        "incomplete": _("Письмо принято без содержимого, оформления нет."),
    }
    return causes.get(cause, "")


class _Recent:
    """What was shown last, by what it was made of; a page and its frame ask within a moment."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Shown] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...]) -> Shown | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: tuple[object, ...], shown: Shown) -> None:
        if len(shown.markup) > _LONGEST_KEPT:
            return
        with self._lock:
            self._kept[key] = shown
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


_recent = _Recent()
