"""Working time by calendar: tables of Russian days, refusals, and an independent reading of the wall clock."""

import json
from bisect import bisect_left
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app
from app.calendars import WorkCalendar
from app.durations import iso, parse, parse_moment
from app.production_calendars import production_calendar

SHIPPED = Path(app.__file__).parent / "data" / "calendars"
ZONES = ("Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def shipped(name: str) -> WorkCalendar:
    return WorkCalendar.from_spec(json.loads((SHIPPED / f"{name}.json").read_text("utf-8")))


def spec(hours: list[list[str]], zone: str = "Europe/Moscow", **more: Any) -> dict[str, Any]:
    return {"name": "test", "time_zone": zone, "week": dict.fromkeys(DAYS, hours), **more}


def calendar(hours: list[list[str]], zone: str = "Europe/Moscow", **more: Any) -> WorkCalendar:
    return WorkCalendar.from_spec(spec(hours, zone, **more))


OFFICE = shipped("ru-5x9")
LUNCH = shipped("ru-5x8-lunch")
ALWAYS = shipped("24x7")


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE.zone)


def shown(moment: datetime) -> str:
    return moment.astimezone(OFFICE.zone).strftime("%Y-%m-%dT%H:%M:%S").removesuffix(":00")


@pytest.mark.parametrize(
    ("name", "start", "work", "due"),
    [
        ("ru-5x9", "2026-11-23T16:40", "8h", "2026-11-24T15:40"),  # a Monday
        ("ru-5x9", "2026-11-23T09:00", "9h", "2026-11-23T18:00"),  # fits exactly: at the closing
        ("ru-5x9", "2026-11-23T09:00", "9h1s", "2026-11-24T09:00:01"),
        ("ru-5x9", "2026-11-23T12:00", "0m", "2026-11-23T12:00"),
        ("ru-5x9", "2026-11-23T18:00", "0m", "2026-11-24T09:00"),  # the closing moment is closed
        ("ru-5x9", "2026-11-23T08:59:59", "0m", "2026-11-23T09:00"),
        ("ru-5x9", "2026-11-21T12:00", "1h", "2026-11-23T10:00"),  # Saturday
        ("ru-5x9", "2025-10-31T17:00", "4h", "2025-11-01T12:00"),  # Friday, before a working Saturday
        ("ru-5x9", "2025-11-01T16:00", "2h", "2025-11-05T10:00"),  # which is short and before two days off
        ("ru-5x9", "2024-04-27T17:00", "1h", "2024-04-27T18:00"),  # a working Saturday, not short
        ("ru-5x9", "2024-11-02T16:30", "1h", "2024-11-05T09:30"),
        ("ru-5x9", "2024-12-28T17:00", "2h", "2025-01-09T10:00"),  # over the longest holidays
        ("ru-5x9", "2026-12-30T17:00", "2h", "2027-01-11T10:00"),
        ("ru-5x9", "2026-11-03T16:30", "1h", "2026-11-05T09:30"),  # short before 4 November
        ("ru-5x9", "2027-02-20T16:30", "1h", "2027-02-24T09:30"),
        ("ru-5x9", "2027-11-03T17:00", "0m", "2027-11-08T09:00"),
        ("ru-5x8-lunch", "2026-11-23T12:00", "1h", "2026-11-23T13:00"),
        ("ru-5x8-lunch", "2026-11-23T12:00", "1h30m", "2026-11-23T14:30"),
        ("ru-5x8-lunch", "2026-11-23T13:00", "0m", "2026-11-23T14:00"),
        ("ru-5x8-lunch", "2026-11-03T14:00", "3h", "2026-11-03T17:00"),
        ("ru-5x8-lunch", "2026-11-23T09:00", "8h", "2026-11-23T18:00"),
        ("24x7", "2026-12-31T23:30", "2h", "2027-01-01T01:30"),
    ],
)
def test_what_is_due_when(name: str, start: str, work: str, due: str) -> None:
    answer = shipped(name).due(moscow(start), parse(work))
    assert shown(answer) == due
    assert shipped(name).worked(moscow(start), answer) == parse(work)


YEARS = {
    2024: (248, "04-27 11-02 12-28", "02-22 03-07 05-08 06-11 11-02"),
    2025: (247, "11-01", "03-07 04-30 06-11 11-01"),
    2026: (247, "", "04-30 05-08 06-11 11-03"),
    2027: (247, "02-20", "02-20 04-30 06-11 11-03"),
}


@pytest.mark.parametrize("year", YEARS)
def test_russian_years_agree_with_the_decrees(year: int) -> None:
    working_days, saturdays, short = YEARS[year]
    days = [date(year, 1, 1) + timedelta(i) for i in range(366) if (date(year, 1, 1) + timedelta(i)).year == year]
    hours = {day: sum(closes - opens for opens, closes in OFFICE.opening_hours_on(day)) for day in days}
    assert sum(map(bool, hours.values())) == working_days
    assert [f"{d:%m-%d}" for d in days if hours[d] and d.weekday() > 4] == saturdays.split()
    assert [f"{d:%m-%d}" for d in days if hours[d] == 8 * 60] == short.split()
    known = holidays.country_holidays("RU", years=year)
    assert [d for d in days if hours[d]] == [d for d in days if known.is_working_day(d)]
    assert {d for d in production_calendar("RU").days_off if d.year == year} == set(known)


def test_every_year_names_its_decree() -> None:
    sources = production_calendar("RU").sources
    assert [sources[year].split("№ ")[1] for year in YEARS] == ["1314", "1335", "1466", "1187"]


def test_a_short_day_loses_its_last_hour_even_over_intervals() -> None:
    evening = calendar([["09:00", "13:00"], ["14:00", "14:30"], ["17:00", "17:40"]], production_calendar="RU")
    assert [span.as_text() for span in evening.opening_hours_on(date(2026, 11, 3))] == [
        ["09:00", "13:00"],
        ["14:00", "14:10"],
    ]
    hour = calendar([["09:00", "10:00"], ["11:00", "12:00"]], production_calendar="RU")
    assert [span.as_text() for span in hour.opening_hours_on(date(2026, 11, 3))] == [["09:00", "10:00"]]
    brief = calendar([["09:00", "09:40"]], production_calendar="RU")
    assert brief.opening_hours_on(date(2026, 11, 3)) == ()


def test_a_working_saturday_takes_the_nearest_earlier_working_weekday_and_days_rule_over_all() -> None:
    week = {"wed": [["10:00", "16:00"]], "sat": [["12:00", "13:00"]]}
    days = {"2026-11-04": [["10:00", "11:00"]]}
    own = WorkCalendar.from_spec(
        {"name": "w", "time_zone": "Europe/Moscow", "production_calendar": "RU", "week": week, "days": days}
    )
    assert [span.as_text() for span in own.opening_hours_on(date(2024, 4, 27))] == [["10:00", "16:00"]]
    assert [span.as_text() for span in own.opening_hours_on(date(2024, 11, 2))] == [["10:00", "15:00"]]
    assert [span.as_text() for span in own.opening_hours_on(date(2024, 4, 20))] == [["12:00", "13:00"]]
    assert own.opening_hours_on(date(2026, 5, 9)) == ()
    assert [span.as_text() for span in own.opening_hours_on(date(2026, 11, 4))] == [["10:00", "11:00"]]


@pytest.mark.parametrize(
    ("hours", "zone", "start", "end", "worked"),
    [
        ([["01:00", "05:00"]], "America/New_York", "2026-03-08T00:00-05:00", "2026-03-09T00:00-04:00", "3h"),  # skipped
        ([["01:00", "05:00"]], "America/New_York", "2026-11-01T00:00-04:00", "2026-11-02T00:00-05:00", "5h"),  # twice
        (
            [["00:00", "01:30"]],
            "America/New_York",
            "2026-11-01T00:00-04:00",
            "2026-11-02T00:00-05:00",
            "2h",
        ),  # ends in it
        ([["01:30", "02:00"]], "America/New_York", "2026-11-01T00:00-04:00", "2026-11-02T00:00-05:00", "1h"),
        ([["02:00", "03:00"]], "America/New_York", "2026-03-08T00:00-05:00", "2026-03-09T00:00-04:00", "0m"),
        ([["01:00", "03:00"]], "Australia/Lord_Howe", "2026-04-05T00:00+11:00", "2026-04-06T00:00+10:30", "2h30m"),
        ([["23:00", "24:00"]], "America/St_Johns", "2006-10-28T12:00-02:30", "2006-10-30T00:00-03:30", "2h59m"),
        ([["00:00", "24:00"]], "Pacific/Apia", "2011-12-29T00:00-10:00", "2012-01-01T00:00+14:00", "2d"),  # no 30th
        (
            [["22:00", "24:00"], ["00:00", "06:00"]],
            "Europe/Moscow",
            "2026-11-20T21:00+03:00",
            "2026-11-21T07:00+03:00",
            "8h",
        ),
    ],
)
def test_changes_of_the_clock(hours: list[list[str]], zone: str, start: str, end: str, worked: str) -> None:
    assert calendar(hours, zone).worked(parse_moment(start), parse_moment(end)) == parse(worked)


def test_a_night_shift_is_one_span() -> None:
    night = calendar([["00:00", "06:00"], ["22:00", "24:00"]])
    assert shown(night.due(moscow("2026-11-20T22:00"), parse("8h"))) == "2026-11-21T06:00"
    assert shown(night.due(moscow("2026-11-20T22:00"), parse("2h"))) == "2026-11-21T00:00"
    assert night.is_open(moscow("2026-11-21T00:00"))
    assert not night.is_open(moscow("2026-11-21T06:00"))


def test_fractions_of_a_second_are_cut() -> None:
    start = moscow("2026-11-23T12:00:00.999999")
    assert shown(OFFICE.due(start, timedelta(minutes=1, microseconds=999_999))) == "2026-11-23T12:01"
    assert OFFICE.worked(start, moscow("2026-11-23T12:00:01.000001")) == timedelta(seconds=1)
    assert OFFICE.worked(start, start - timedelta(hours=1)) == timedelta(0)


@pytest.mark.parametrize(
    ("start", "end", "is_provisional"),
    [
        ("2027-12-30T10:00", "2027-12-30T18:00", False),
        ("2027-12-30T10:00", "2028-01-01T00:00", False),
        ("2027-12-30T10:00", "2028-01-03T10:00", True),
        ("2028-03-01T00:00", "2028-03-01T00:00", True),
        ("2023-12-31T23:59:59", "2024-01-09T10:00", True),
    ],
)
def test_days_of_unknown_years_are_provisional(start: str, end: str, is_provisional: bool) -> None:
    assert OFFICE.is_provisional(moscow(start), moscow(end)) is is_provisional
    assert not ALWAYS.is_provisional(moscow(start), moscow(end))


REFUSED: list[tuple[str, Any, str]] = [
    ("name", "", "name"),
    ("name", "a/b", "name"),
    ("time_zone", "Europe/Petrograd", "time_zone: unknown zone 'Europe/Petrograd'"),
    ("time_zone", None, "time_zone"),
    ("production_calendar", "XX", "production_calendar: unknown 'XX'"),
    ("holidays", [], "unknown key 'holidays'"),
    ("week", {"mo": []}, "week: unknown key 'mo'"),
    ("week", [], "week must be an object"),
    ("week", {"mon": [["09:00", "13:00"], ["12:59", "18:00"]]}, "week.mon: 09:00-13:00 and 12:59-18:00 overlap"),
    ("week", {"tue": [["18:00", "09:00"]]}, "week.tue: 18:00-09:00 runs backward"),
    ("week", {"tue": [["09:00", "09:00"]]}, "week.tue: 09:00-09:00 runs backward"),
    ("week", {"wed": [["09:00", "24:01"]]}, "week.wed: '24:01' is not a time"),
    ("week", {"wed": [["9:00", "18:00"]]}, "week.wed: '9:00' is not a time"),
    ("week", {"wed": [["09:00"]]}, "week.wed: ['09:00'] is not an interval"),
    ("week", {"wed": "09:00-18:00"}, "week.wed must be a list"),
    ("week", {"mon": [], "sun": []}, "never open"),
    ("days", {"2026-02-30": []}, "days: '2026-02-30' is not a date"),
    ("days", {"20260201": []}, "days: '20260201' is not a date"),
    ("days", {"2026-02-01": [["10:00", "12:00"], ["11:00", "13:00"]]}, "days.2026-02-01"),
]


@pytest.mark.parametrize(("key", "value", "message"), REFUSED)
def test_a_bad_file_is_refused_with_the_place_named(key: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        WorkCalendar.from_spec(spec([["09:00", "18:00"]]) | {key: value})
    assert message in str(refusal.value)


@pytest.mark.parametrize("missing", ["name", "time_zone", "week"])
def test_a_file_without_an_essential_key_is_refused(missing: str) -> None:
    incomplete = spec([["09:00", "18:00"]])
    del incomplete[missing]
    with pytest.raises(ValueError, match=f"no {missing}"):
        WorkCalendar.from_spec(incomplete)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        OFFICE.due(moscow("2026-11-23T12:00"), timedelta(seconds=-1))
    with pytest.raises(ValueError, match="no offset"):
        OFFICE.due(datetime(2026, 11, 23, 12), parse("1h"))  # noqa: DTZ001 - the fault under test
    once = WorkCalendar.from_spec(
        {"name": "once", "time_zone": "UTC", "week": {}, "days": {"2026-11-23": [["09:00", "10:00"]]}}
    )
    assert iso(once.due(parse_moment("2026-01-01T00:00Z"), parse("1h"))) == "2026-11-23T10:00:00Z"
    with pytest.raises(ValueError, match="within 200 years"):
        once.due(parse_moment("2026-01-01T00:00Z"), parse("1h1s"))
    with pytest.raises(ValueError, match="does not open"):
        once.next_opening(parse_moment("2026-11-23T10:00Z"))


@pytest.mark.parametrize("name", ["ru-5x9", "ru-5x8-lunch", "24x7"])
def test_a_shipped_calendar_survives_its_file(name: str) -> None:
    once = shipped(name)
    assert once.name == name
    assert WorkCalendar.from_spec(deepcopy(once.to_spec())) == once


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


def test_thousands_of_answers_a_second_over_years() -> None:
    start, begun = moscow("2024-01-01T00:00"), perf_counter()
    for i in range(5_000):
        due = LUNCH.due(start + timedelta(minutes=37 * i), timedelta(minutes=13 * i))
        LUNCH.worked(start, due)
    assert 10_000 / (perf_counter() - begun) > 2_000
