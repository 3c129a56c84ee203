"""The life of one request, played twice: by the model of promises and by a desk clock that ticks minute by minute."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.models.words import Urgency
from app.promises import (
    Basis,
    Pause,
    Statement,
    Terms,
    due_of,
    on_merge,
    on_move,
    on_registration,
    on_reopen,
    on_resume,
    on_standard,
    on_terms,
    on_urgent,
    why_en,
)
from tests.desk_clock import StandardClock, minute_of, moment, run_out, ticked
from tests.rereading import reread
from tests.working_hours import OFFICE

TERMS = {stops: Terms(OFFICE, "118/2024", stops_for_third_party=stops) for stops in (False, True)}


@dataclass
class Desk:
    """The life of one request, played twice: by the model under test and by the ticking clock."""

    now: int
    given: Statement
    clock: StandardClock
    urgent_due: int | None = None
    registered: int = 0
    waiting_since: int | None = None
    solved: int | None = None
    is_solved_waiting: bool = False
    is_of_terms: bool = True
    was_reopened_urgent: bool = False
    stops: bool = False  # for third parties too
    is_held: bool = False  # by a third party
    waits: list[tuple[int, int | None, bool]] = field(default_factory=list)
    past: list[tuple[Statement, str]] = field(default_factory=list)

    @classmethod
    def open(cls, at: int, urgency: Urgency, stops: bool) -> "Desk":
        _, given = on_registration(TERMS[stops], urgency, moment(at))
        urgent_due = at + 120 if urgency is Urgency.URGENT else None
        desk = cls(at, given, StandardClock(left=480), urgent_due, registered=at, stops=stops)
        desk.check(given)
        return desk

    @property
    def due(self) -> int:
        return self.clock.due(self.now) if self.urgent_due is None else self.urgent_due

    @property
    def pauses(self) -> list[Pause]:
        return [Pause(moment(a), None if b is None else moment(b), third) for a, b, third in self.waits]

    @property
    def terms(self) -> Terms:
        return TERMS[self.stops]

    @property
    def paused_at(self) -> datetime | None:
        return None if self.waiting_since is None else moment(self.waiting_since)

    def live(self, minutes: int) -> None:
        for _ in range(minutes):
            if self.solved is None:
                self.clock.tick(self.now, self.waiting_since is not None)
            self.now += 1

    def check(self, following: Statement | None) -> None:
        """What was stated is what the ticking clock says, and what its sentence says; older ones are untouched."""
        if following is not None:
            self.past.append((following, json.dumps(following.basis.to_json())))
            self.given = following
            assert minute_of(following.due_at) == self.due, following.why
            assert following.due_at >= following.stated_at == moment(self.now)
            assert due_of(following.basis, OFFICE) == following.due_at
            assert reread(following) == self.due, following.why
            for public in (following.why_public, why_en(following.basis, public=True)):
                assert not any(secret in public for secret in ("118/2024", "№", "детали"))
        for statement, kept in self.past:
            assert json.dumps(statement.basis.to_json()) == kept
            assert Basis.from_json(json.loads(kept)) == statement.basis

    def ask(self) -> None:
        if (self.waiting_since is not None and not self.is_held) or self.solved is not None:
            return
        self.come_back()
        self._stop(is_third_party=False)

    def hold(self) -> None:
        """A third party has the ball; only some contracts stop for it."""
        if self.waiting_since is None and not self.is_held and self.solved is None:
            self.is_held = True
            self._stop(is_third_party=True)

    def _stop(self, *, is_third_party: bool) -> None:
        self.waits.append((self.now, None, is_third_party))
        if self.stops or not is_third_party:
            self.waiting_since = self.now
            self.clock.stop(self.now)

    def answer(self) -> None:
        if self.waiting_since is not None and not self.is_held and self.solved is None:
            self._go_on()

    def come_back(self) -> None:
        if self.is_held and self.solved is None:
            self._go_on()

    def _go_on(self) -> None:
        since, is_held = self.waiting_since, self.is_held
        self._end_wait(self.now)
        if since is None:
            return
        following = on_resume(self.given, self.terms, moment(since), moment(self.now), is_third_party=is_held)
        assert (following is None) == (self.urgent_due is not None or self.clock.expired is not None)
        self.check(following)

    def _end_wait(self, at: int) -> None:
        if self.waits and self.waits[-1][1] is None:
            self.waits[-1] = (self.waits[-1][0], at, self.waits[-1][2])
        self.waiting_since, self.is_held = None, False

    def declare_urgent(self) -> None:
        if self.urgent_due is not None or self.solved is not None:
            return
        following = on_urgent(self.given, self.terms, moment(self.now), self.paused_at, is_third_party=self.is_held)
        old = self.clock.due(self.now)
        assert (following is None) == (old < self.now)
        if following is not None:
            self.urgent_due = min(old, self.now + 120)
            self.check(following)

    def withdraw_urgency(self) -> None:
        if self.urgent_due is None or self.solved is not None or self.was_reopened_urgent:
            return
        following = on_standard(self.given, self.terms, self.pauses, moment(self.now))
        standard, given = self.clock.due(self.now), self.urgent_due
        assert (following is None) == (max(standard, given) < self.now)
        if following is None:
            return
        self.urgent_due = None
        if standard <= given:
            self.name(given)
        self.check(following)

    def solve(self) -> None:
        if self.solved is None:
            self.solved, self.is_solved_waiting = self.now, self.waiting_since is not None

    def reopen(self) -> None:
        if self.solved is None:
            return
        urgency = Urgency.NORMAL if self.urgent_due is None else Urgency.URGENT
        paused_at = self.paused_at if self.is_solved_waiting else None
        following = on_reopen(self.given, self.terms, urgency, moment(self.solved), moment(self.now), paused_at)
        if self.urgent_due is None:
            since = self.solved
            if self.waiting_since is not None:
                since = max(self.waiting_since, minute_of(self.given.stated_at))
            self.clock = StandardClock(left=max(120, ticked(since, minute_of(self.given.due_at))))
        else:
            self.urgent_due = self.now + max(60, self.urgent_due - self.solved)
            self.was_reopened_urgent = True
        self._end_wait(self.solved)
        self.solved = None
        self.is_of_terms = False
        self.check(following)

    def correct(self, hours: int) -> None:
        if self.solved is not None or self.urgent_due is not None:
            return
        terms, given = replace(self.terms, contract=f"№{hours}", solution=timedelta(hours=hours)), self.due
        following = on_terms(self.given, terms, moment(self.registered), self.pauses, moment(self.now))
        fresh = StandardClock(left=hours * 60)
        for minute in range(self.registered, self.now):
            counted = [(a, self.now if b is None else b) for a, b, third in self.waits if self.stops or not third]
            fresh.tick(minute, any(a <= minute < b for a, b in counted))
        if fresh.due(self.now) < self.now:
            fresh = StandardClock(left=hours * 60)
        is_better = self.is_of_terms and given >= self.now and fresh.due(self.now) < given
        assert (following is not None) == is_better
        if is_better:
            self.clock = fresh
            self.check(following)

    def move(self, by: int) -> None:
        if self.solved is not None:
            return
        to = self.now + by
        following = on_move(self.given, self.terms, moment(to), "нет детали", moment(self.now))
        if self.urgent_due is None:
            self.name(to)
        else:
            self.urgent_due = to
        self.check(following)

    def merge(self, earlier: int) -> None:
        if self.solved is not None:
            return
        _, other = on_registration(self.terms, Urgency.NORMAL, moment(max(0, self.now - earlier)))
        following = on_merge(self.given, other, self.terms, moment(self.now), self.paused_at)
        joined = run_out(max(0, self.now - earlier), 480)
        assert (following is not None) == (self.now <= joined < self.due)
        if following is None:
            return
        if self.urgent_due is None:
            self.name(joined)
        else:
            self.urgent_due = joined
        self.check(following)

    def name(self, due: int) -> None:
        self.clock, self.is_of_terms = StandardClock(named=due), False
        if self.waiting_since is not None:
            self.clock.stop(self.now)
