"""Verbs of shifts: give, change, remove, swap, repeat weeks forward."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.actor import Actor
from app.clock import midnight
from app.config import settings
from app.duty.changes import lock, record, snapshot, unchanged
from app.duty.checks import FARTHEST, check_room, check_stretch, overlapping, standing
from app.errors import IntakeRejected
from app.extensions import db
from app.models.duty import DutyChange, DutyChangeKind, DutyRole, DutyShift
from app.models.staff import Staff
from app.rows import find_row
from app.translate import _

MOST_WEEKS, MOST_TIMES = 4, 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift as the manager asks for it."""

    staff_id: int
    role: DutyRole
    starts_at: datetime
    ends_at: datetime


def give(wanted: Wanted, by: Actor, at: datetime) -> DutyChange:
    """Put a shift into the roster; raises IntakeRejected."""
    lock()
    shift = DutyShift()
    _set(shift, wanted, at)
    db.session.add(shift)
    return record(DutyChangeKind.GIVEN, by, at, after=[shift])


def change(shift_id: int, seen: int, wanted: Wanted, by: Actor, at: datetime) -> DutyChange | None:
    """Change a shift that ``seen`` is the version of; the same again changes nothing (None)."""
    lock()
    shift = unchanged(DutyShift, shift_id, seen)
    _still_to_come(shift, at)
    before = snapshot(shift)
    if Wanted(shift.staff_id, shift.role, shift.starts_at, shift.ends_at) == wanted:
        return None
    with db.session.no_autoflush:
        _set(shift, wanted, at)
    shift.version += 1
    return record(DutyChangeKind.CHANGED, by, at, before=[before], after=[shift])


def remove(shift_id: int, seen: int, by: Actor, at: datetime) -> DutyChange:
    """Take a shift out of the roster; what has begun ends now, for who was on duty was."""
    lock()
    shift = unchanged(DutyShift, shift_id, seen)
    _still_to_come(shift, at)
    before = snapshot(shift)
    if shift.starts_at < at:
        shift.ends_at, shift.version = at, shift.version + 1
        return record(DutyChangeKind.REMOVED, by, at, before=[before], after=[shift])
    db.session.delete(shift)
    return record(DutyChangeKind.REMOVED, by, at, before=[before])


def swap(one_id: int, seen: int, other_id: int, by: Actor, at: datetime) -> DutyChange:
    """Two people take each other's shifts, which are both still to come."""
    lock()
    one = unchanged(DutyShift, one_id, seen)
    other = find_row(DutyShift, other_id)
    if other is None or other.id == one.id:
        raise IntakeRejected({"other": _("Выберите смену, на которую меняются.")})
    if one.staff_id == other.staff_id:
        raise IntakeRejected({"other": _("Обе смены у одного человека: менять нечего.")})
    if min(one.starts_at, other.starts_at) <= at:
        raise IntakeRejected({"other": _("Меняются сменами, которые ещё не начались. Для идущей найдите замену.")})
    before = [snapshot(one), snapshot(other)]
    with db.session.no_autoflush:
        one.staff_id, other.staff_id = other.staff_id, one.staff_id
    db.session.flush()
    for shift in (one, other):
        check_room(shift, standing(shift.staff_id, "other").name)
        shift.version += 1
    return record(DutyChangeKind.SWAPPED, by, at, before=before, after=[one, other])


@dataclass(frozen=True, slots=True)
class Repeated:
    """``change`` None: there was nothing to copy, or no room for any of it."""

    change: DutyChange | None
    made: int = 0
    taken: int = 0  # had no room


def repeat(first: date, weeks: int, times: int, by: Actor, at: datetime) -> Repeated:
    """Copy the shifts that begin in those weeks (``first`` is a Monday) to the weeks after them, so many times.

    By the wall clock, over any change of clocks. What is there already stays; who left is not copied.
    """
    errors = {}
    if not 1 <= weeks <= MOST_WEEKS:
        errors["weeks"] = _("Образец: от 1 до %(most)s недель.", most=MOST_WEEKS)
    if not 1 <= times <= MOST_TIMES:
        errors["times"] = _("Повторить можно от 1 до %(most)s раз.", most=MOST_TIMES)
    if errors:
        raise IntakeRejected(errors)
    lock()
    pattern = _beginning(first, first + timedelta(weeks=weeks))
    if not pattern:
        raise IntakeRejected({"first": _("В этих неделях нет ни одной смены: повторять нечего.")})
    made, taken = [], 0
    for copy in _copies(pattern, weeks, times):
        if copy.ends_at <= at or copy.starts_at > at + FARTHEST or overlapping(copy):
            taken += 1
            continue
        db.session.add(copy)
        db.session.flush()
        made.append(copy)
    done = record(DutyChangeKind.REPEATED, by, at, after=made) if made else None
    return Repeated(done, len(made), taken)


def _set(shift: DutyShift, wanted: Wanted, at: datetime) -> None:
    person = standing(wanted.staff_id)
    check_stretch(wanted.starts_at, wanted.ends_at, at)
    shift.staff_id, shift.role = wanted.staff_id, wanted.role
    shift.starts_at, shift.ends_at = wanted.starts_at, wanted.ends_at
    check_room(shift, person.name)


def _still_to_come(shift: DutyShift, at: datetime) -> None:
    if shift.ends_at <= at:
        raise IntakeRejected({"ends": _("Смена уже прошла: прошлое в графике не меняют.")})


def _beginning(first: date, last: date) -> list[DutyShift]:
    zone = settings().time_zone
    query = (
        select(DutyShift)
        .join(Staff, Staff.id == DutyShift.staff_id)
        .where(DutyShift.starts_at >= midnight(first, zone), DutyShift.starts_at < midnight(last, zone))
        .where(Staff.is_disabled.is_(False))
    )
    return list(db.session.scalars(query.order_by(DutyShift.starts_at, DutyShift.id)))


def _copies(pattern: list[DutyShift], weeks: int, times: int) -> Iterator[DutyShift]:
    zone = settings().time_zone
    for turn in range(1, times + 1):
        later = timedelta(weeks=weeks * turn)
        for shift in pattern:
            starts_at, ends_at = (
                (moment.astimezone(zone).replace(tzinfo=None) + later).replace(tzinfo=zone)
                for moment in (shift.starts_at, shift.ends_at)
            )
            yield DutyShift(staff_id=shift.staff_id, role=shift.role, starts_at=starts_at, ends_at=ends_at)
