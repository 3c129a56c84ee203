"""The ladder: which cause pages how, and which step is owed at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import Cause
from app.paging.ladder import Kind, Pace, kind_of, owed

START = datetime(2027, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PACE = Pace(10 * MINUTE, 20 * MINUTE, 30 * MINUTE)


@pytest.mark.parametrize(
    ("minutes", "step"),
    [(-1, None), (0, 0), (9, 0), (10, 1), (19, 1), (20, 2), (49, 2), (50, 3), (79, 3), (80, 4), (620, 22)],
)
def test_each_step_has_its_minute(minutes: int, step: int | None) -> None:
    assert owed(Kind.NOW, START, START + minutes * MINUTE, PACE) == step
    assert owed(Kind.MANAGERS, START, START + minutes * MINUTE, PACE) == step


@pytest.mark.parametrize("minutes", [0, 10, 1000])
def test_what_can_wait_pages_once_and_what_is_told_otherwise_never(minutes: int) -> None:
    assert owed(Kind.DAY, START, START + minutes * MINUTE, PACE) == 0
    assert owed(Kind.DAY, START, START - MINUTE, PACE) is None
    assert owed(Kind.NEVER, START, START + minutes * MINUTE, PACE) is None


@given(st.lists(st.integers(0, 10_000), min_size=2))
def test_a_later_moment_never_owes_an_earlier_step(minutes: list[int]) -> None:
    steps = [owed(Kind.NOW, START, START + minute * MINUTE, PACE) or 0 for minute in sorted(minutes)]
    assert steps == sorted(steps)


@given(*[st.timedeltas(timedelta(0), timedelta(days=1)) for _ in range(3)], st.timedeltas(timedelta(0)))
def test_whatever_a_manager_chooses_there_is_a_step(
    following: timedelta, everybody: timedelta, again: timedelta, gone: timedelta
) -> None:
    start = datetime(1, 1, 2, tzinfo=UTC)
    gone = min(gone, timedelta(days=3_000_000))
    assert owed(Kind.NOW, start, start + gone, Pace(following, everybody, again)) is not None


@pytest.mark.parametrize(
    ("cause", "subject", "is_urgent", "has_engineer", "kind"),
    [
        (Cause.URGENT_UNTAKEN, "", True, False, Kind.NOW),
        (Cause.HEAD_CALLED, "", False, True, Kind.NOW),
        (Cause.SYSTEM, "silent: mail", False, False, Kind.NOW),
        (Cause.SYSTEM, "smtp", False, False, Kind.NOW),
        (Cause.SYSTEM, "a part that nobody has named yet", False, False, Kind.NOW),
        (Cause.SYSTEM, "production calendar RU 2028", False, False, Kind.DAY),
        (Cause.SYSTEM, "closings", False, False, Kind.DAY),
        (Cause.SYSTEM, "desk: unread letters", False, False, Kind.DAY),
        (Cause.SYSTEM, "desk: disk", False, False, Kind.NOW),
        (Cause.SYSTEM, "telegram", False, False, Kind.NOW),
        (Cause.SYSTEM, "files@stekspb.ru@mail.example/INBOX", False, False, Kind.NOW),
        (Cause.SYSTEM, "page webhook", False, False, Kind.DAY),
        (Cause.COMPLAINT, "", False, True, Kind.MANAGERS),
        (Cause.MISSED, "", True, True, Kind.NOW),
        (Cause.MISSED, "", False, True, Kind.DAY),
        (Cause.LOW_RATING, "", True, True, Kind.DAY),
        (Cause.REOPENED_TWICE, "", False, True, Kind.DAY),
        (Cause.UNDELIVERED, "", False, True, Kind.DAY),
        (Cause.UNREADABLE, "", False, False, Kind.DAY),
        (Cause.NEAR, "", False, False, Kind.DAY),
        (Cause.NEAR, "", False, True, Kind.NEVER),
    ],
)
def test_each_cause_pages_in_its_way(
    cause: Cause, subject: str, is_urgent: bool, has_engineer: bool, kind: Kind
) -> None:
    assert kind_of(cause, subject, is_urgent=is_urgent, has_engineer=has_engineer) is kind


@pytest.mark.parametrize("cause", list(Cause))
def test_complaints_alone_wait_for_service_hours_where_managers_want_it(cause: Cause) -> None:
    now, later = (
        kind_of(cause, "smtp", is_urgent=True, has_engineer=True, complaints_wait=waits) for waits in (False, True)
    )
    assert (now, later) == (Kind.MANAGERS, Kind.DAY) if cause is Cause.COMPLAINT else now is later
