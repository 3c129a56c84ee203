"""The roster over a stretch of time, laid out in memory: who is to be called at a moment, and where nobody is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.duty import DutyAbsence, DutyRole, DutyShift
from app.models.staff import Staff

_ORDER = tuple(DutyRole)
# Built once: every page of the staff says who is on duty.
_SHIFTS = (
    select(DutyShift)
    .where(DutyShift.ends_at > bindparam("start"), DutyShift.starts_at <= bindparam("end"))
    .order_by(DutyShift.starts_at, DutyShift.id)
)
_ABSENCES = (
    select(DutyAbsence)
    .where(DutyAbsence.ends_at > bindparam("start"), DutyAbsence.starts_at <= bindparam("end"))
    .order_by(DutyAbsence.starts_at, DutyAbsence.id)
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch in which the same people are on duty, in the order in which they are called."""

    starts_at: datetime
    ends_at: datetime
    people: tuple[Staff, ...]


@dataclass(frozen=True)
class Roster:
    """Shifts and absences that touch a stretch of time, and the people whom they name."""

    shifts: Sequence[DutyShift]
    absences: Sequence[DutyAbsence]
    staff: Mapping[int, Staff]

    def on_duty(self, at: datetime) -> list[Staff]:
        """Whom to call at a moment, in order; who is away or disabled is replaced by the substitute or left out."""
        standing = (self.stands_for(shift.staff_id, at) for shift in self.shifts_at(at))
        return list({one.id: one for one in standing if one}.values())

    def shifts_at(self, at: datetime) -> list[DutyShift]:
        """The shifts that hold at a moment, in the order in which people are called."""
        now = [shift for shift in self.shifts if shift.starts_at <= at < shift.ends_at]
        return sorted(now, key=lambda shift: (_ORDER.index(shift.role), shift.starts_at, shift.id))

    def stands_for(self, staff_id: int, at: datetime) -> Staff | None:
        """Who really stands at a moment where that person is named; None: nobody."""
        passed: set[int] = set()
        while staff_id not in passed:  # two who stand in for each other are both away
            passed.add(staff_id)
            absence = self.absence_of(staff_id, at)
            one = self.staff.get(staff_id)
            if absence is None:
                return one if one and not one.is_disabled else None
            if absence.substitute_id is None:
                return None
            staff_id = absence.substitute_id
        return None

    def absence_of(self, staff_id: int, at: datetime) -> DutyAbsence | None:
        """Their absence at a moment; of several, the one that began last."""
        away = [one for one in self.absences if one.staff_id == staff_id and one.starts_at <= at < one.ends_at]
        return max(away, key=lambda one: (one.starts_at, one.id), default=None)

    def spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The stretch cut where the people change; neighbours with the same people are one."""
        began: datetime = start
        people: tuple[Staff, ...] | None = None
        for moment in self._moments(start, end):
            found = tuple(self.on_duty(moment))
            if people is not None and found != people:
                yield Span(began, moment, people)
                began = moment
            people = found
        if people is not None:
            yield Span(began, end, people)

    def gaps(self, start: datetime, end: datetime) -> list[Span]:
        """Where nobody is on duty."""
        return [span for span in self.spans(start, end) if not span.people]

    def _moments(self, start: datetime, end: datetime) -> list[datetime]:
        if start >= end:
            return []
        edges = {edge for one in self.shifts for edge in (one.starts_at, one.ends_at)}
        edges |= {edge for one in self.absences for edge in (one.starts_at, one.ends_at)}
        return sorted({start, *(edge for edge in edges if start < edge < end)})


def read(start: datetime, end: datetime) -> Roster:
    """The roster of a stretch of time; ``end`` belongs to it."""
    stretch = {"start": start, "end": end}
    found = db.session.scalars(_SHIFTS, stretch).all()
    away = db.session.scalars(_ABSENCES, stretch).all()
    named = {one.staff_id for one in found} | {one.staff_id for one in away} | {one.substitute_id for one in away}
    staff = db.session.scalars(select(Staff).where(Staff.id.in_(named))) if named else ()
    return Roster(found, away, {one.id: one for one in staff})
