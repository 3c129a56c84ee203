"""Working time against an independent reading of the rule: the wall clock, asked minute by minute."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars import WorkCalendar
from app.durations import parse_moment
from tests.working_hours import DAYS, calendar

ZONES = ("Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia")


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> list[list[str]]:
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    return [
        [f"{minute * 15 // 60:02}:{minute * 15 % 60:02}" for minute in pair]
        for pair in zip(edges[::2], edges[1::2], strict=False)
    ]


# Around these moments each zone's clock jumps (Moscow left summer time in 2011 and winter in 2014).
JUMPS = {
    "Europe/Moscow": ["2011-03-26T23:00Z", "2014-10-25T22:00Z", "2025-10-31T21:00Z"],
    "America/New_York": ["2026-03-08T07:00Z", "2026-11-01T06:00Z"],
    "Australia/Lord_Howe": ["2026-04-04T15:00Z", "2026-10-03T15:30Z"],
    "America/St_Johns": ["2006-04-02T03:31Z", "2006-10-29T02:31Z"],
    "Pacific/Apia": ["2011-12-30T10:00Z", "2011-09-24T14:00Z"],
}
JUMPS_OF_ALL = [(zone, moment) for zone, moments in JUMPS.items() for moment in moments]


class WallClock:
    """An independent reading of the rule: ask the wall clock at every minute, one after the other."""

    def __init__(self, calendar: WorkCalendar, since: datetime, minutes: int) -> None:
        self.since = since
        self.sums = [0]
        for i in range(minutes):
            wall = (since + timedelta(minutes=i)).astimezone(calendar.zone)
            minute = wall.hour * 60 + wall.minute
            is_open = any(a <= minute < b for a, b in calendar.opening_hours_on(wall.date()))
            self.sums.append(self.sums[-1] + is_open)

    def worked(self, a: int, b: int) -> int:
        return self.sums[b] - self.sums[a]

    def due(self, start: int, work: int) -> int:
        if work:
            return bisect_left(self.sums, self.sums[start] + work)
        return next(i for i in range(start, len(self.sums) - 1) if self.sums[i + 1] > self.sums[i])


@pytest.mark.trust("R24")
@settings(max_examples=120, deadline=None)
@given(
    place=st.sampled_from(JUMPS_OF_ALL),
    week=st.lists(hours_of_a_day(), min_size=7, max_size=7),
    override=hours_of_a_day(),
    pairs=st.lists(st.tuples(st.integers(0, 5_700), st.integers(0, 5_700)), min_size=8, max_size=8),
)
def test_arithmetic_agrees_with_the_wall_clock_minute_by_minute(
    place: tuple[str, str], week: list[list[list[str]]], override: list[list[str]], pairs: list[tuple[int, int]]
) -> None:
    zone, jump = place
    near = parse_moment(jump)
    days = {f"{near.astimezone(ZoneInfo(zone)):%Y-%m-%d}": override}
    if not any(week) and not override:
        return
    tried = WorkCalendar.from_spec(
        {"name": "t", "time_zone": zone, "week": dict(zip(DAYS, week, strict=True)), "days": days}
    )
    since = near - timedelta(minutes=2_880)
    clock = WallClock(tried, since, 5_760)
    for a, b in pairs:
        start, end = since + timedelta(minutes=a), since + timedelta(minutes=b)
        assert tried.worked(start, end) == timedelta(minutes=max(0, clock.worked(a, b) if a < b else 0))
        assert tried.is_open(start) == bool(clock.worked(a, a + 1))
        left = clock.worked(a, 5_760)
        if left:
            work = b % left + (1 if b % 3 else 0)
            due = tried.due(start, timedelta(minutes=work))
            assert due == since + timedelta(minutes=clock.due(a, work))


@settings(max_examples=200, deadline=None)
@given(
    since=st.integers(0, 160_000_000),
    seconds=st.integers(0, 40_000_000),
    zone=st.sampled_from(ZONES),
    hours=hours_of_a_day().filter(bool),
)
def test_due_is_the_earliest_moment_with_that_much_work(since: int, seconds: int, zone: str, hours: Any) -> None:
    tried = calendar(hours, zone, production_calendar="RU")
    work, start = timedelta(seconds=seconds), datetime(2023, 6, 1, tzinfo=UTC) + timedelta(seconds=since)
    due = tried.due(start, work)
    assert tried.worked(start, due) == work
    if seconds:
        assert tried.worked(start, due - timedelta(seconds=1)) == work - timedelta(seconds=1)
    else:
        assert due == start if tried.is_open(start) else tried.is_open(due)
