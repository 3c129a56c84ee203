"""Promises over random lives of a request, against a desk clock that ticks minute by minute."""

from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.models.words import Urgency
from app.promises import PromiseCause
from tests.desk_clock import minute_of
from tests.one_request import Desk

ACTS: dict[str, Callable[[Desk, int], None]] = {
    "ask": lambda desk, _: desk.ask(),
    "answer": lambda desk, _: desk.answer(),
    "hold": lambda desk, _: desk.hold(),
    "back": lambda desk, _: desk.come_back(),
    "urgent": lambda desk, _: desk.declare_urgent(),
    "standard": lambda desk, _: desk.withdraw_urgency(),
    "solve": lambda desk, _: desk.solve(),
    "reopen": lambda desk, _: desk.reopen(),
    "correct": lambda desk, n: desk.correct((1, 4, 20)[n % 3]),
    "move": lambda desk, n: desk.move(1 + n),
    "merge": lambda desk, n: desk.merge(n),
}
MAY_BE_LATER = {
    *(PromiseCause.RESUMED, PromiseCause.THIRD_PARTY, PromiseCause.STANDARD),
    *(PromiseCause.REOPENED, PromiseCause.MOVED),
}
LIFE = st.lists(
    st.tuples(
        st.sampled_from(sorted(ACTS)),
        st.one_of(st.sampled_from([0, 1, 30, 60, 120, 240, 480, 900, 1_440]), st.integers(0, 4_000)),
        st.integers(0, 6_000),
    ),
    max_size=12,
)


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, 10_080), urgency=st.sampled_from(Urgency), life=LIFE, stops=st.booleans())
@example(  # a clock by the wall must not outlive the moment it was for
    at=8_489,
    urgency=Urgency.NORMAL,
    stops=False,
    life=[("ask", 6_780, 0), ("move", 1, 0), ("answer", 1_145, 0), ("ask", 1, 0), ("move", 0, 0), ("answer", 64, 0)],
)
@example(at=7_000, urgency=Urgency.NORMAL, stops=False, life=[("move", 0, 700), ("ask", 0, 0), ("answer", 3_000, 0)])
def test_every_life_of_a_request_agrees_with_the_ticking_clock(
    at: int, urgency: Urgency, life: list[tuple[str, int, int]], stops: bool
) -> None:
    desk = Desk.open(at, urgency, stops)
    for act, minutes, figure in life:
        desk.live(minutes)
        before, known = desk.due, len(desk.past)
        ACTS[act](desk, figure)
        for statement, _ in desk.past[known:]:
            is_later = minute_of(statement.due_at) > before
            assert not is_later or statement.basis.cause in MAY_BE_LATER or statement.reason is None
            assert statement.reason
