"""A desk clock that ticks minute by minute: the promise's rules once more, written without arithmetic."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from tests.working_hours import moscow

BEGIN = moscow("2026-10-26T00:00")  # a Monday; the span holds a short Tuesday and a holiday


def is_open(minute: int) -> bool:
    """The office hours, written down again: 9-18 on weekdays, to 17 on 3 November, none on the 4th."""
    day, time = divmod(minute, 1_440)
    return day % 7 < 5 and day != 9 and 540 <= time < (1_020 if day == 8 else 1_080)


OPEN = [is_open(minute) for minute in range(1_440 * 400)]


def moment(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


def minute_of(at: datetime) -> int:
    return (at - BEGIN) // timedelta(minutes=1)


def ticked(since: int, until: int) -> int:
    return sum(OPEN[since:until]) if since < until else 0


def run_out(since: int, left: int) -> int:
    """Tick until nothing is left; with nothing left at first, until the desk opens."""
    for minute in count(since):
        if (left == 0 and OPEN[minute]) or (left == 0 and minute > since and OPEN[minute - 1]):
            return minute
        left -= OPEN[minute] if left else 0
    raise AssertionError


@dataclass
class StandardClock:
    """Either an amount of working time that runs down, or a named moment that waiting pushes away."""

    left: int = 0
    named: int | None = None
    pushed: int = 0
    by_the_wall: bool = False
    expired: int | None = None

    def due(self, now: int) -> int:
        if self.expired is not None:
            return self.expired
        if self.named is None:
            return run_out(now, self.left)
        if self.by_the_wall:
            return self.named + self.pushed
        return run_out(self.named, self.pushed) if self.pushed else self.named

    def tick(self, minute: int, is_waiting: bool) -> None:
        if self.expired is not None:
            return
        if not is_waiting:
            self.left -= OPEN[minute] if self.named is None else 0
            if self.due(minute + 1) <= minute + 1 if self.named is not None else self.left == 0:
                self.expired = self.due(minute + 1) if self.named is not None else minute + 1
        elif self.named is not None:
            self.pushed += 1 if self.by_the_wall else OPEN[minute]

    def stop(self, minute: int) -> None:
        """Waiting begins: a moment named for closed hours counts all time."""
        if self.expired is None and self.named is not None and not ticked(minute, self.due(minute)):
            self.by_the_wall = True
