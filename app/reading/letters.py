"""Letters without a request of their own: what waits for a decision, and the robots' of the last month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, select

from app.extensions import db
from app.models.complaint import ComplaintEntry
from app.models.letter import DISCARDED, Letter
from app.models.ticket import Ticket
from app.models.words import LetterKind, LetterState
from app.reading.reader import Reader
from app.reading.signals import signal_words
from app.translate import _

MOST = 100
ROBOTS_KEPT = timedelta(days=30)
# Word for word the condition of the partial index: SQLite uses it for nothing else.
_IS_LEFT: ColumnElement[bool] = literal_column("letters.state IN ('quarantined', 'failed')")
_UNDECIDED = and_(
    _IS_LEFT,
    Letter.copy_of_id.is_(None),
    Letter.error != DISCARDED,
)


# What belongs to a complaint stands there alone; of whom it speaks nobody tells here.
_OF_NO_COMPLAINT = ~exists().where(ComplaintEntry.letter_id == Letter.id)
_COUNT = select(func.count()).select_from(Letter).where(_UNDECIDED)


class View(StrEnum):
    UNDECIDED = auto()
    ROBOTS = auto()


@dataclass(frozen=True)
class Row:
    """One letter in words. ``number``: of its «Неразобранное письмо»."""

    id: int
    time: str
    iso: str
    sender: str
    subject: str
    reason: str
    start: str
    size: int
    number: str = ""
    signals: str = ""


@dataclass(frozen=True)
class Page:
    """Some letters, the newest first. ``before``: the older ones are those below this id; none where it is 0."""

    rows: list[Row]
    total: int
    before: int = 0
    unread: int = 0  # of all, how many could not be read


def page(view: View, reader: Reader, before: int = 0) -> Page:
    """At most ``MOST``, older than the letter ``before`` where one is named."""
    wanted = _UNDECIDED if view is View.UNDECIDED else _of_robots(reader)
    query = select(Letter, Ticket.number, func.substr(Letter.text, 1, 300)).where(wanted)
    if before:
        query = query.where(Letter.id < before)
    query = query.outerjoin(Ticket, Letter.ticket_id == Ticket.id).order_by(Letter.id.desc()).limit(MOST + 1)
    found = db.session.execute(query).all()
    rows = [_row(letter, number or "", start or "", reader) for letter, number, start in found[:MOST]]
    unread = select(func.count()).select_from(Letter).where(_UNDECIDED, Letter.state == LetterState.FAILED)
    return Page(
        rows,
        total=db.session.scalar(select(func.count()).select_from(Letter).where(wanted)) or 0,
        before=rows[-1].id if len(found) > MOST else 0,
        unread=(db.session.scalar(unread) or 0) if view is View.UNDECIDED else 0,
    )


def _of_robots(reader: Reader) -> ColumnElement[bool]:
    return and_(
        Letter.kind != LetterKind.HUMAN,
        Letter.state == LetterState.FILED,
        Letter.ticket_id.is_(None),
        Letter.copy_of_id.is_(None),
        Letter.received_at > reader.at - ROBOTS_KEPT,
        _OF_NO_COMPLAINT,
    )


def undecided_count() -> int:
    """How many letters wait for a decision."""
    return db.session.scalar(_COUNT) or 0


def _row(letter: Letter, number: str, start: str, reader: Reader) -> Row:
    name = f"{letter.from_name} <{letter.from_email}>" if letter.from_name and letter.from_email else ""
    return Row(
        id=letter.id,
        time=reader.time_or_day(letter.received_at),
        iso=letter.received_at.isoformat(),
        sender=name or letter.from_email or letter.from_name or _("отправитель не указан"),
        subject=letter.subject or _("(без темы)"),
        reason=_reason(letter),
        start=" ".join(start.split())[:200],
        size=letter.size,
        number=number,
        signals=", ".join(signal_words(letter.signals)),
    )


def _reason(letter: Letter) -> str:
    if letter.state is LetterState.FAILED:
        return _("Не удалось разобрать: %(reason)s", reason=letter.error)
    causes = {
        "no sender": _("Нет отправителя, ответить некому"),
        "noreply": _("Адрес, на который нельзя ответить"),
        "staff not proven": _("От имени сотрудника, но отправитель не подтверждён"),
        "too many readers": _("Незнакомый отправитель, больше 48 получателей"),
    }
    kinds = {
        LetterKind.AUTO: _("Автоответ"),
        LetterKind.BOUNCE: _("Отчёт о доставке"),
        LetterKind.LIST: _("Рассылка"),
        LetterKind.LOOP: _("Наше собственное письмо"),
    }
    return causes.get(letter.error) or kinds.get(letter.kind) or letter.error
