"""How waiting pushes a deadline: by the working time waited, each minute counted once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from app.calendars import WorkCalendar
from app.promises.basis import Basis, Ground, Pause, Terms
from app.promises.statement import Statement, clock_of, due_of


def at_present(
    current: Statement, terms: Terms, paused_at: datetime | None, now: datetime, *, is_third_party: bool = False
) -> Basis:
    """The basis as it would be stated now, with the wait that still lasts."""
    if paused_at is None:
        return reconciled(current.basis, current.due_at, terms.calendar)
    present = Pause(waiting_since(current, paused_at), now, is_third_party)
    return waited(current.basis, current.due_at, terms.calendar, [present])


def waited_since(basis: Basis, calendar: WorkCalendar, pauses: Sequence[Pause], now: datetime) -> Basis:
    """Add the waits since the basis was stated."""
    spans = [
        Pause(max(cut(pause.start), basis.stated_at), cut(pause.end) if pause.end else now, pause.is_third_party)
        for pause in sorted(pauses, key=_start)
    ]
    return waited(basis, due_of(basis, calendar), calendar, spans)


def waited(basis: Basis, due_at: datetime, calendar: WorkCalendar, pauses: Sequence[Pause]) -> Basis:
    """Add ended waits to a basis whose clock they stop; one that begins after the deadline no longer helps."""
    basis = reconciled(basis, due_at, calendar)
    for pause in pauses:
        if not basis.stops_in(pause) or pause.end is None:
            continue
        start, due_at = pause.start, due_of(basis, calendar)
        if start < due_at and not basis.round_the_clock and not calendar.worked(start, due_at):
            basis = replace(basis, round_the_clock=True)  # named for a time when nobody works: all time counts
        if start < due_at:
            longer = clock_of(basis, calendar).worked(start, pause.end)
            basis = basis.waiting(longer, is_third_party=pause.is_third_party)
    return basis


def reconciled(basis: Basis, due_at: datetime, calendar: WorkCalendar) -> Basis:
    """Take the moment promised itself for the ground, where a changed calendar no longer gives it."""
    if due_of(basis, calendar) == due_at:
        return basis
    return replace(basis.named(Ground.PREVIOUS, due_at), calendar=calendar.name, zone=calendar.zone.key)


def waiting_since(current: Statement, paused_at: datetime) -> datetime:
    """A statement made during the wait has counted it up to its own moment."""
    return max(cut(paused_at), current.stated_at)


def waiting_now(basis: Basis, pauses: Sequence[Pause]) -> datetime | None:
    """Since when its clock stands still."""
    return next((pause.start for pause in pauses if pause.end is None and basis.stops_in(pause)), None)


def _start(pause: Pause) -> datetime:
    return pause.start


def cut(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
