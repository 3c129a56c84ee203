"""The ledger of a request as a short story: what was promised, why, which letter told it, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, bindparam, select

from app import durations, promises
from app.columns import read_columns
from app.models.delivery import Delivery
from app.models.event import Event
from app.models.words import PromiseKind
from app.promises import Basis
from app.reading.notices import Notice, notice
from app.reading.reader import Reader
from app.translate import _

_TELLING = ("registered", "taken", "moved", "reopened", "missed")  # letters in which the deadline stands
# Built once: to build a statement costs more than to run it.
_LETTERS: Select[*tuple[Any, ...]] = (
    select(Event.at, Delivery.recipient, Delivery.channel, Delivery.state, Delivery.accepted_at, Delivery.error)
    .join(Event, Event.id == Delivery.event_id)
    .where(Delivery.ticket_id == bindparam("ticket"), Delivery.is_for_customer.is_(True))
    .where(Delivery.notice.in_(_TELLING))
    .order_by(Delivery.id)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One promise. ``because``: why it took the place of the one before; ``letter``: the first that told it."""

    due: str
    due_iso: str
    stated: str
    because: str
    why: str
    letter: Notice | None
    fate: str
    tone: str


def told(ticket_id: int, rows: Sequence[Columns[Any]], reader: Reader) -> list[Line]:
    """The solution's promises out of ``ticket_panel.promise_rows``, oldest first; one query for their letters."""
    letters = list(read_columns(_LETTERS, {"ticket": ticket_id}))
    return [_line(row, letters, reader) for row in rows if row.kind is PromiseKind.SOLUTION]


def _line(row: Columns[Any], letters: list[Columns[Any]], reader: Reader) -> Line:
    basis = Basis.from_json(row.basis)
    fate, tone = _fate(row)
    return Line(
        due=reader.short_moment(row.due_at),
        due_iso=durations.iso(row.due_at),
        stated=reader.time_or_day(row.stated_at),
        because=_because(basis, row.reason or ""),
        why=row.why if reader.is_russian else promises.why_en(basis),
        letter=_letter(row, letters, reader),
        fate=fate,
        tone=tone,
    )


def _letter(row: Columns[Any], letters: list[Columns[Any]], reader: Reader) -> Notice | None:
    """The first letter after it was stated, and before the next was."""
    for letter in letters:
        if row.stated_at <= letter.at and (row.superseded_at is None or letter.at < row.superseded_at):
            return notice(letter, reader)
    return None


def _fate(row: Columns[Any]) -> tuple[str, str]:
    if row.kept is not None:
        return (_("сдержан"), "kept") if row.kept else (_("не сдержан"), "late")
    return (_("заменён"), "past") if row.superseded_at is not None else (_("в силе"), "now")


def _because(basis: Basis, reason: str) -> str:
    return {
        "registered": _("заявка зарегистрирована"),
        "resumed": _("клиент ответил: прибавлено время ожидания"),
        "third_party": _("дождались другую организацию: по договору прибавлено время ожидания"),
        "urgent": _("заявка объявлена срочной"),
        "standard": _("срочность снята"),
        "reopened": _("заявка открыта заново"),
        "terms": _("условия уточнены"),
        "merged": _("заявки объединены"),
        "moved": reason,
    }[basis.cause.value]
