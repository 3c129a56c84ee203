"""One stated deadline, how its moment follows from its basis, when it is near, and whether it was kept."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, Self
from zoneinfo import ZoneInfo

from app.calendar_specs import Interval
from app.calendars import WorkCalendar
from app.models.words import PromiseKind
from app.promises.basis import Basis, Terms
from app.promises.sentence import why

_ROUND_THE_CLOCK = WorkCalendar("round-the-clock", ZoneInfo("UTC"), 7 * ((Interval(0, 1440),),))


class Row(Protocol):
    """A promise as it is kept; `basis` is the JSON form."""

    @property
    def due_at(self) -> datetime: ...
    @property
    def stated_at(self) -> datetime: ...
    @property
    def basis(self) -> dict[str, Any]: ...
    @property
    def why(self) -> str: ...
    @property
    def why_public(self) -> str: ...
    @property
    def provisional(self) -> bool: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def near_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Statement:
    """One stated deadline. `provisional`: it crosses days that the production calendar does not know yet."""

    kind: PromiseKind
    due_at: datetime
    stated_at: datetime
    basis: Basis
    why: str
    why_public: str  # without the contract's number and the engineer's own words
    provisional: bool
    reason: str | None  # why it took its predecessor's place
    near_at: datetime | None

    @classmethod
    def on(cls, basis: Basis, terms: Terms, reason: str | None = None, *, was_provisional: bool = False) -> Self:
        """State the deadline that follows from the basis; `was_provisional` says so of the moment it builds on."""
        clock = clock_of(basis, terms.calendar)
        due_at = due_of(basis, terms.calendar)
        unknown = clock.is_provisional(basis.fixed or basis.start, due_at) and (
            basis.fixed is None or bool(basis.waited)
        )
        return cls(
            kind=basis.kind,
            due_at=due_at,
            stated_at=basis.stated_at,
            basis=basis,
            why=why(basis),
            why_public=why(basis, public=True),
            provisional=unknown or was_provisional,
            reason=reason,
            near_at=near_at(basis, due_at, terms),
        )

    @classmethod
    def recall(cls, row: Row) -> Self:
        """Make the statement again from its row."""
        basis = Basis.from_json(row.basis)
        return cls(
            basis.kind,
            row.due_at.astimezone(UTC),
            row.stated_at.astimezone(UTC),
            basis,
            row.why,
            row.why_public,
            row.provisional,
            row.reason,
            row.near_at,
        )


def clock_of(basis: Basis, calendar: WorkCalendar) -> WorkCalendar:
    """The clock that the basis runs by: the calendar's, or one that never stops."""
    return _ROUND_THE_CLOCK if basis.round_the_clock else calendar


def due_of(basis: Basis, calendar: WorkCalendar) -> datetime:
    """The moment that follows from a basis: what its sentence says, reckoned."""
    clock = clock_of(basis, calendar)
    if basis.fixed is None:
        return clock.due(basis.start, basis.allowance + basis.waited)
    return clock.due(basis.fixed, basis.waited) if basis.waited else basis.fixed


def near_at(basis: Basis, due_at: datetime, terms: Terms) -> datetime | None:
    """When the deadline comes near: `terms.near` or a quarter of its length before it, whichever is less.

    Both in the promise's own working time, and of the solution only: a reaction has no such moment (None).
    """
    if basis.kind is PromiseKind.REACTION:
        return None
    clock = clock_of(basis, terms.calendar)
    ahead = clock.worked(basis.stated_at, due_at)
    length = basis.allowance if basis.fixed is None else ahead
    margin = min(terms.near, length / 4)
    if not ahead:  # named for a time when nobody works: by the clock on the wall
        return max(
            min(basis.stated_at, due_at), due_at - min(terms.near, max(due_at - basis.stated_at, timedelta(0)) / 4)
        )
    return min(due_at, clock.next_opening(clock.due(basis.stated_at, max(ahead - margin, timedelta(0)))))


def is_kept(due_at: datetime, at: datetime) -> bool:
    """Whether what was done at this moment was in time: in the second of the deadline itself still is."""
    return at.replace(microsecond=0) <= due_at


def broken_from(due_at: datetime) -> datetime:
    """The first moment at which what is not done yet breaks the promise."""
    return due_at + timedelta(seconds=1)
