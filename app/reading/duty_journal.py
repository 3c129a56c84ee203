"""What was changed in the roster and what was handed over, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.durations import parse_moment
from app.duty.checks import stretch
from app.extensions import db
from app.models.duty import DutyChange, DutyChangeKind, DutyNote
from app.models.staff import Staff
from app.translate import _

MOST = 10
_NAMED = 2


@dataclass(frozen=True, slots=True)
class Change:
    id: int
    at: datetime
    author: str
    words: str
    undone_by: str
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Note:
    id: int
    at: datetime
    author_id: int
    author: str
    text: str
    read_at: datetime | None
    reader: str


def changes() -> list[Change]:
    """The last changes, the newest first."""
    found = db.session.scalars(select(DutyChange).order_by(DutyChange.id.desc()).limit(MOST)).all()
    rows = [row for one in found for row in (*one.data["before"], *one.data["after"])]
    names = _names({row["staff_id"] for row in rows} | {row.get("substitute_id") for row in rows})
    return [
        Change(one.id, one.at, one.actor_name, _words(one, names), one.data.get("undone_by", ""), bool(one.undone_at))
        for one in found
    ]


def notes(found: Iterable[DutyNote]) -> list[Note]:
    """Notes with the names of who wrote and who read them."""
    rows = list(found)
    names = _names({one.author_id for one in rows} | {one.read_by_id for one in rows})
    return [
        Note(
            id=one.id,
            at=one.at,
            author_id=one.author_id,
            author=names.get(one.author_id, ""),
            text=one.text,
            read_at=one.read_at,
            reader=names.get(one.read_by_id or 0, ""),
        )
        for one in rows
    ]


def _words(change: DutyChange, names: dict[int, str]) -> str:
    before, after = change.data["before"], change.data["after"]
    told = _told(after or before, names)
    match change.kind:
        case DutyChangeKind.GIVEN:
            return _("Внесена смена: %(what)s", what=told)
        case DutyChangeKind.CHANGED:
            return _("Изменена смена: было %(before)s, стало %(after)s", before=_told(before, names), after=told)
        case DutyChangeKind.REMOVED:
            return _("Убрана смена: %(what)s", what=_told(before, names))
        case DutyChangeKind.SWAPPED:
            return _("Поменялись сменами: %(what)s", what=told)
        case DutyChangeKind.REPEATED:
            return _("Недели повторены: смен %(count)s, %(what)s", count=len(after), what=told)
        case DutyChangeKind.ABSENT:
            return _("Внесено отсутствие: %(what)s", what=told)
        case DutyChangeKind.ABSENCE_CHANGED | DutyChangeKind.RETURNED if after:
            return _("Изменено отсутствие: было %(before)s, стало %(after)s", before=_told(before, names), after=told)
        case _:
            return _("Убрано отсутствие: %(what)s", what=told)


def _told(rows: Sequence[dict[str, Any]], names: dict[int, str]) -> str:
    return "; ".join(_row(row, names) for row in rows[:_NAMED]) + ("…" if len(rows) > _NAMED else "")


def _row(row: dict[str, Any], names: dict[int, str]) -> str:
    when = stretch(parse_moment(row["starts_at"]), parse_moment(row["ends_at"]))
    parts = [names.get(row["staff_id"], "?"), when]
    if row.get("role") == "next":
        parts.append(_("вторым"))
    if row.get("substitute_id"):
        parts.append(_("замещает %(name)s", name=names.get(row["substitute_id"], "?")))
    return ", ".join(parts)


def _names(ids: set[Any]) -> dict[int, str]:
    wanted = ids - {None}
    rows = db.session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in rows}
