"""Solved requests like one, worded: what each was about, whose it was, when it was solved and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.columns import read_columns
from app.errors import NotFound
from app.extensions import db
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import MessageKind
from app.reading.queue_rows import STATE_ICONS, state_words
from app.reading.reader import Reader
from app.reading.ticket_panel import day
from app.search import similar as search
from app.translate import _

_LONGEST = 300  # letters of what was done
_SAID = (Message.kind == MessageKind.SOLUTION, Message.recalled_at.is_(None))
_OWN = select(
    Ticket.id, Ticket.number, Ticket.title, func.substr(Ticket.what, 1, search.LONGEST).label("what"), Ticket.company_id
)
_COLUMNS = (
    *(Ticket.id, Ticket.number, Ticket.title, Ticket.state, Ticket.company_name),
    *(Ticket.solved_at, Ticket.closed_at, Ticket.touched_at),
)


@dataclass(frozen=True, slots=True)
class Similar:
    """``done``: the first words of the solution that stands, in one line; empty where there is none."""

    number: str
    title: str
    icon: str
    word: str
    company: str
    solved: str
    solved_iso: Any
    done: str


def similar(number: str, reader: Reader) -> list[Similar]:
    """The solved requests most like the one with this number, the likest first; raises NotFound."""
    own = read_columns(_OWN.where(Ticket.number == number)).first()
    if own is None:
        raise NotFound(_("Заявки %(number)s нет. Проверьте номер.", number=number))
    ids = search.similar(own.id, own.title, own.what, own.company_id)
    if not ids:
        return []
    found = {row.id: row for row in read_columns(select(*_COLUMNS).where(Ticket.id.in_(ids)))}
    done, words = _done(ids), state_words()
    return [_told(found[one], done.get(one, ""), words, reader) for one in ids if one in found]


def done(number: str) -> str | None:
    """The whole solution of the request with this number, as its customer has it; None where there is none."""
    said = select(Message.text).join(Ticket, Ticket.id == Message.ticket_id).where(Ticket.number == number, *_SAID)
    return db.session.scalar(said.order_by(Message.id.desc()).limit(1))


def _told(row: Any, done: str, words: dict[str, str], reader: Reader) -> Similar:
    solved_at = row.solved_at or row.closed_at or row.touched_at
    return Similar(
        number=row.number,
        title=row.title,
        icon=STATE_ICONS[row.state.value],
        word=words[row.state.value],
        company=row.company_name,
        solved=day(solved_at, reader),
        solved_iso=solved_at,
        done=" ".join(done.split()),
    )


def _done(ids: Sequence[int]) -> dict[int, str]:
    """By request, the newest solution that was not taken back; one query."""
    said = select(Message.ticket_id, func.substr(Message.text, 1, _LONGEST)).where(Message.ticket_id.in_(ids), *_SAID)
    return dict(read_columns(said.order_by(Message.id)).all())
