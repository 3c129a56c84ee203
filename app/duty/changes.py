"""Every change of the roster under one lock, with what it takes to undo it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from app import locks, outbox
from app.actor import Actor
from app.durations import iso
from app.errors import IntakeRejected
from app.extensions import db
from app.locks import Lock
from app.models.duty import DutyAbsence, DutyChange, DutyChangeKind, DutyShift
from app.rows import find_row
from app.translate import _

TOPIC = outbox.ESCALATIONS_TOPIC  # whoever shows the people on duty listens to it
_COLUMNS = {
    DutyShift: ("staff_id", "role", "starts_at", "ends_at"),
    DutyAbsence: ("staff_id", "substitute_id", "starts_at", "ends_at", "reason"),
}
Entry: TypeAlias = DutyShift | DutyAbsence
E = TypeVar("E", DutyShift, DutyAbsence)


def lock() -> None:
    """Wait for whoever changes the roster just now: what is checked after this stays true until the commit."""
    locks.wait_for(Lock.ROSTER)
    db.session.expire_all()


def unchanged(kind: type[E], entry_id: int, seen: int) -> E:
    """A row as the writer saw it; raises IntakeRejected when somebody was faster."""
    found = find_row(kind, entry_id)
    if found is None:
        raise IntakeRejected({"seen": _("Пока вы правили, эту запись убрали из графика. Внесите её заново.")})
    if found.version != seen:
        raise IntakeRejected({"seen": _("Пока вы правили, график изменили. Проверьте поля и сохраните ещё раз.")})
    return found


def snapshot(entry: Entry) -> dict[str, Any]:
    """A row as JSON keeps it."""
    kept = {name: getattr(entry, name) for name in _COLUMNS[type(entry)]}
    told = {name: iso(value) if isinstance(value, datetime) else value for name, value in kept.items()}
    return {"table": entry.__tablename__, "id": entry.id, "version": entry.version, **told}


def record(
    kind: DutyChangeKind,
    by: Actor,
    at: datetime,
    *,
    before: Iterable[dict[str, Any]] = (),
    after: Iterable[Entry] = (),
) -> DutyChange:
    """Add one row to the journal of the roster, in the caller's transaction."""
    db.session.flush()
    change = DutyChange(
        kind=kind,
        at=at,
        staff_id=by.staff_id,
        actor_name=by.name,
        data={"before": list(before), "after": [snapshot(entry) for entry in after]},
    )
    db.session.add(change)
    db.session.flush()
    outbox.changed(TOPIC, outbox.QUEUE_TOPIC)
    return change
