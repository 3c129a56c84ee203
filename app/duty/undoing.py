"""Takes one change of the roster back, as long as nobody built upon it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app import outbox
from app.actor import Actor
from app.durations import parse_moment
from app.duty.changes import TOPIC, Entry, lock, snapshot
from app.duty.checks import check_absence, check_room
from app.errors import IllegalMove, IntakeRejected, NotFound
from app.extensions import db
from app.models.duty import DutyAbsence, DutyChange, DutyRole, DutyShift
from app.models.staff import Staff
from app.rows import find_row
from app.translate import _


def undo(change_id: int, by: Actor, at: datetime) -> DutyChange:
    """Put the roster back as it was before that change; undone already: nothing happens."""
    lock()
    change = find_row(DutyChange, change_id)
    if change is None:
        raise NotFound(_("Такой правки графика нет. Вернитесь к графику."))
    if change.undone_at is not None:
        return change
    before = {_key(row): row for row in change.data["before"]}
    after = {_key(row): row for row in change.data["after"]}
    standing = {key: _standing(row) for key, row in after.items()}
    with db.session.no_autoflush:
        for key, entry in standing.items():
            if key in before:
                _put(entry, before[key])
                entry.version += 1
            else:
                db.session.delete(entry)
    db.session.flush()
    lost = [_anew(row) for key, row in before.items() if key not in after]
    returned = [*(standing[key] for key in before if key in after), *lost]
    _check(returned)
    db.session.add_all(lost)
    change.undone_at = at
    change.data = {**change.data, "undone_by": by.name}
    outbox.changed(TOPIC, outbox.QUEUE_TOPIC)
    return change


def _check(entries: list[Entry]) -> None:
    try:
        for entry in entries:
            name = db.session.get_one(Staff, entry.staff_id).name
            check_room(entry, name) if isinstance(entry, DutyShift) else check_absence(entry, name)
    except IntakeRejected as refusal:
        raise IllegalMove(_("Отменить не получится. %(why)s", why=refusal.message)) from refusal


def _standing(row: dict[str, Any]) -> Entry:
    """The row as the change left it; raises IllegalMove when it was changed since."""
    entry = _found(row)
    if entry is None or {**snapshot(entry), "version": 0} != {**row, "version": 0}:
        raise IllegalMove(_("После этой правки график меняли ещё. Сначала отмените то, что было позже."))
    return entry


def _found(row: dict[str, Any]) -> Entry | None:
    if row["table"] == DutyShift.__tablename__:
        return db.session.get(DutyShift, row["id"])
    return db.session.get(DutyAbsence, row["id"])


def _anew(row: dict[str, Any]) -> Entry:
    """A row that was taken out, under its own id if that is free."""
    entry = _put(DutyShift() if row["table"] == DutyShift.__tablename__ else DutyAbsence(), row)
    if _found(row) is None:
        entry.id = row["id"]
    entry.version = row["version"] + 1
    return entry


def _put(entry: Entry, row: dict[str, Any]) -> Entry:
    entry.staff_id = row["staff_id"]
    entry.starts_at, entry.ends_at = parse_moment(row["starts_at"]), parse_moment(row["ends_at"])
    if isinstance(entry, DutyShift):
        entry.role = DutyRole(row["role"])
    else:
        entry.substitute_id, entry.reason = row["substitute_id"], row["reason"]
    return entry


def _key(row: dict[str, Any]) -> tuple[str, int]:
    return row["table"], row["id"]
