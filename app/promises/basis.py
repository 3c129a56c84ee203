"""What a promise rests on: the terms that hold for a request, and the basis kept with each stated deadline."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, NamedTuple, Self

from app.calendars import WorkCalendar
from app.durations import iso, parse_moment
from app.models.words import PromiseKind, Urgency, UrgentClock


class Pause(NamedTuple):
    """A wait for the customer or for a third party: its start and its end, None while it lasts."""

    start: datetime
    end: datetime | None
    is_third_party: bool = False


_SECOND = timedelta(seconds=1)


class Ground(StrEnum):
    """What the deadline is reckoned from."""

    TERMS = auto()  # an amount of the terms from `start`
    REOPENED = auto()  # the amount that was left, from the reopening
    MOVED = auto()  # a moment named by an engineer
    MERGED = auto()  # the moment of the request that joined this one
    PREVIOUS = auto()  # the moment promised before


class PromiseCause(StrEnum):
    """What made us state the deadline."""

    REGISTERED = auto()
    RESUMED = auto()
    THIRD_PARTY = auto()  # whom we waited for by the contract's leave
    URGENT = auto()
    STANDARD = auto()
    REOPENED = auto()
    TERMS = auto()
    MOVED = auto()
    MERGED = auto()


@dataclass(frozen=True, slots=True)
class Terms:
    """What we owe a customer: a contract's terms, or the desk's own where there is none (contract None).

    `reaction`, `solution` and `reopening_minimum` are working time; the urgent ones run by `urgent_clock`.
    """

    calendar: WorkCalendar
    contract: str | None = None
    reaction: timedelta = timedelta(hours=1)
    solution: timedelta = timedelta(hours=8)
    urgent_take: timedelta = timedelta(minutes=10)
    urgent_solve: timedelta = timedelta(hours=2)
    urgent_clock: UrgentClock = UrgentClock.ROUND_THE_CLOCK
    reopening_minimum: timedelta = timedelta(hours=2)
    urgent_reopening_minimum: timedelta = timedelta(hours=1)
    reopening_window: timedelta = timedelta(days=30)
    near: timedelta = timedelta(minutes=30)
    stops_for_third_party: bool = False

    def allowance(self, kind: PromiseKind, urgency: Urgency) -> timedelta:
        """The time owed from the start."""
        if urgency is Urgency.URGENT:
            return self.urgent_take if kind is PromiseKind.REACTION else self.urgent_solve
        return self.reaction if kind is PromiseKind.REACTION else self.solution

    def least_after_reopening(self, urgency: Urgency) -> timedelta:
        """The least time owed from a reopening."""
        return self.urgent_reopening_minimum if urgency is Urgency.URGENT else self.reopening_minimum

    def is_round_the_clock(self, urgency: Urgency) -> bool:
        """Whether the clock of such a request runs at night too."""
        return urgency is Urgency.URGENT and self.urgent_clock is UrgentClock.ROUND_THE_CLOCK


@dataclass(frozen=True, slots=True)
class Basis:
    """Where one deadline came from: enough for its sentence and for the next computation.

    Without `fixed` the deadline is `allowance` + `waited` of working time after `start`; with it, `waited` after
    `fixed`. `waited` is the working time in which we waited, `waited_third_party` of it for a third party, which
    counts only where the terms let it (`stops_for_third_party`). An urgent basis carries in `set_aside` the basis
    that would hold had the request not been urgent.
    """

    kind: PromiseKind
    urgency: Urgency
    cause: PromiseCause
    ground: Ground
    contract: str | None
    calendar: str
    zone: str
    round_the_clock: bool
    stated_at: datetime
    start: datetime
    allowance: timedelta
    is_least: bool = False  # the allowance is the least after a reopening, not what was left
    fixed: datetime | None = None
    waited: timedelta = timedelta(0)
    waited_third_party: timedelta = timedelta(0)
    stops_for_third_party: bool = False
    previous_due_at: datetime | None = None
    reason: str | None = None
    set_aside: "Basis | None" = None

    @property
    def stops(self) -> bool:
        """Whether waiting stops the clock: that of a standard request's solution alone."""
        return self.kind is PromiseKind.SOLUTION and self.urgency is Urgency.NORMAL

    def stops_in(self, pause: Pause) -> bool:
        """Whether this wait stops the clock: for a third party only where the terms say so."""
        return self.stops and (self.stops_for_third_party or not pause.is_third_party)

    def waiting(self, longer: timedelta, *, is_third_party: bool) -> Self:
        """The same basis after more waiting."""
        third_party = self.waited_third_party + longer if is_third_party else self.waited_third_party
        return replace(self, waited=self.waited + longer, waited_third_party=third_party)

    def named(self, ground: Ground, at: datetime, reason: str | None = None) -> Self:
        """The same basis with a moment for its ground; a clock that waiting stops is the calendar's again."""
        clock = self.round_the_clock and not self.stops
        none: dict[str, Any] = {"waited": timedelta(0), "waited_third_party": timedelta(0)}
        return replace(self, ground=ground, fixed=at, reason=reason, round_the_clock=clock, **none)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain JSON: moments as ISO UTC, durations as whole seconds."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what to_json wrote."""
        return cls(
            kind=PromiseKind(data["kind"]),
            urgency=Urgency(data["urgency"]),
            cause=PromiseCause(data["cause"]),
            ground=Ground(data["ground"]),
            contract=data["contract"],
            calendar=data["calendar"],
            zone=data["zone"],
            round_the_clock=data["round_the_clock"],
            stated_at=parse_moment(data["stated_at"]),
            start=parse_moment(data["start"]),
            allowance=data["allowance"] * _SECOND,
            is_least=data["is_least"],
            fixed=parse_moment(data["fixed"]) if data["fixed"] else None,
            waited=data["waited"] * _SECOND,
            waited_third_party=data.get("waited_third_party", 0) * _SECOND,  # rows of older versions have neither
            stops_for_third_party=data.get("stops_for_third_party", False),
            previous_due_at=parse_moment(data["previous_due_at"]) if data["previous_due_at"] else None,
            reason=data["reason"],
            set_aside=cls.from_json(data["set_aside"]) if data["set_aside"] else None,
        )


def _plain(value: object) -> object:
    match value:
        case datetime():
            return iso(value)
        case timedelta():
            return value // _SECOND
        case Basis():
            return value.to_json()
        case StrEnum():
            return str(value)
    return value
