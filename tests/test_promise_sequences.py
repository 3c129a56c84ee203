"""Promises over random lives of a request, against a desk clock that ticks minute by minute."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.models.words import Urgency
from app.promises import (
    Basis,
    Pause,
    PromiseCause,
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

TERMS = Terms(OFFICE, "118/2024")
CORRECTED = {hours: replace(TERMS, contract=f"№{hours}", solution=timedelta(hours=hours)) for hours in (1, 4, 20)}


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
    waits: list[tuple[int, int | None]] = field(default_factory=list)
    past: list[tuple[Statement, str]] = field(default_factory=list)

    @classmethod
    def open(cls, at: int, urgency: Urgency) -> "Desk":
        _, given = on_registration(TERMS, urgency, moment(at))
        urgent_due = at + 120 if urgency is Urgency.URGENT else None
        desk = cls(at, given, StandardClock(left=480), urgent_due, registered=at)
        desk.check(given)
        return desk

    @property
    def due(self) -> int:
        return self.clock.due(self.now) if self.urgent_due is None else self.urgent_due

    @property
    def pauses(self) -> list[Pause]:
        return [Pause(moment(a), None if b is None else moment(b)) for a, b in self.waits]

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
        if self.waiting_since is None and self.solved is None:
            self.waiting_since = self.now
            self.waits.append((self.now, None))
            self.clock.stop(self.now)

    def answer(self) -> None:
        if self.waiting_since is None or self.solved is not None:
            return
        following = on_resume(self.given, TERMS, moment(self.waiting_since), moment(self.now))
        self.waits[-1] = (self.waits[-1][0], self.now)
        self.waiting_since = None
        assert (following is None) == (self.urgent_due is not None or self.clock.expired is not None)
        self.check(following)

    def declare_urgent(self) -> None:
        if self.urgent_due is not None or self.solved is not None:
            return
        following = on_urgent(self.given, TERMS, moment(self.now), self.paused_at)
        old = self.clock.due(self.now)
        assert (following is None) == (old < self.now)
        if following is not None:
            self.urgent_due = min(old, self.now + 120)
            self.check(following)

    def withdraw_urgency(self) -> None:
        if self.urgent_due is None or self.solved is not None or self.was_reopened_urgent:
            return
        following = on_standard(self.given, TERMS, self.pauses, moment(self.now))
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
        following = on_reopen(self.given, TERMS, urgency, moment(self.solved), moment(self.now), paused_at)
        if self.urgent_due is None:
            since = self.solved
            if self.waiting_since is not None:
                since = max(self.waiting_since, minute_of(self.given.stated_at))
            self.clock = StandardClock(left=max(120, ticked(since, minute_of(self.given.due_at))))
        else:
            self.urgent_due = self.now + max(60, self.urgent_due - self.solved)
            self.was_reopened_urgent = True
        if self.waiting_since is not None:
            self.waits[-1] = (self.waits[-1][0], self.solved)
        self.solved = self.waiting_since = None
        self.is_of_terms = False
        self.check(following)

    def correct(self, hours: int) -> None:
        if self.solved is not None or self.urgent_due is not None:
            return
        terms, given = CORRECTED[hours], self.due
        following = on_terms(self.given, terms, moment(self.registered), self.pauses, moment(self.now))
        fresh = StandardClock(left=hours * 60)
        for minute in range(self.registered, self.now):
            fresh.tick(minute, any(a <= minute < (self.now if b is None else b) for a, b in self.waits))
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
        following = on_move(self.given, TERMS, moment(to), "нет детали", moment(self.now))
        if self.urgent_due is None:
            self.name(to)
        else:
            self.urgent_due = to
        self.check(following)

    def merge(self, earlier: int) -> None:
        if self.solved is not None:
            return
        _, other = on_registration(TERMS, Urgency.NORMAL, moment(max(0, self.now - earlier)))
        following = on_merge(self.given, other, TERMS, moment(self.now), self.paused_at)
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


ACTS: dict[str, Callable[[Desk, int], None]] = {
    "ask": lambda desk, _: desk.ask(),
    "answer": lambda desk, _: desk.answer(),
    "urgent": lambda desk, _: desk.declare_urgent(),
    "standard": lambda desk, _: desk.withdraw_urgency(),
    "solve": lambda desk, _: desk.solve(),
    "reopen": lambda desk, _: desk.reopen(),
    "correct": lambda desk, n: desk.correct((1, 4, 20)[n % 3]),
    "move": lambda desk, n: desk.move(1 + n),
    "merge": lambda desk, n: desk.merge(n),
}
MAY_BE_LATER = {PromiseCause.RESUMED, PromiseCause.STANDARD, PromiseCause.REOPENED, PromiseCause.MOVED}
LIFE = st.lists(
    st.tuples(
        st.sampled_from(sorted(ACTS)),
        st.one_of(st.sampled_from([0, 1, 30, 60, 120, 240, 480, 900, 1_440]), st.integers(0, 4_000)),
        st.integers(0, 6_000),
    ),
    max_size=12,
)


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, 10_080), urgency=st.sampled_from(Urgency), life=LIFE)
@example(  # a clock by the wall must not outlive the moment it was for
    at=8_489,
    urgency=Urgency.NORMAL,
    life=[("ask", 6_780, 0), ("move", 1, 0), ("answer", 1_145, 0), ("ask", 1, 0), ("move", 0, 0), ("answer", 64, 0)],
)
@example(at=7_000, urgency=Urgency.NORMAL, life=[("move", 0, 700), ("ask", 0, 0), ("answer", 3_000, 0)])
def test_every_life_of_a_request_agrees_with_the_ticking_clock(
    at: int, urgency: Urgency, life: list[tuple[str, int, int]]
) -> None:
    desk = Desk.open(at, urgency)
    for act, minutes, figure in life:
        desk.live(minutes)
        before, known = desk.due, len(desk.past)
        ACTS[act](desk, figure)
        for statement, _ in desk.past[known:]:
            is_later = minute_of(statement.due_at) > before
            assert not is_later or statement.basis.cause in MAY_BE_LATER or statement.reason is None
            assert statement.reason
