"""Working time by calendar: tables of Russian days, of changing clocks, of edges."""

from datetime import date, datetime, timedelta
from time import perf_counter

import holidays
import pytest

from app.calendars import WorkCalendar
from app.durations import iso, parse, parse_moment
from app.production_calendars import production_calendar
from tests.working_hours import ALWAYS, LUNCH, OFFICE, calendar, moscow, shipped, shown


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


@pytest.mark.parametrize(
    ("at", "last_open"),
    [
        ("2026-11-23T12:00", "2026-11-23T12:00"),
        ("2026-11-23T18:00", "2026-11-23T17:59:59"),
        ("2026-11-22T03:00", "2026-11-20T17:59:59"),
        ("2027-01-09T12:00", "2026-12-30T17:59:59"),
    ],
)
def test_a_moment_moves_back_into_service_hours(at: str, last_open: str) -> None:
    assert shown(OFFICE.last_open(moscow(at))) == last_open


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


def test_thousands_of_answers_a_second_over_years() -> None:
    start, begun = moscow("2024-01-01T00:00"), perf_counter()
    for i in range(5_000):
        due = LUNCH.due(start + timedelta(minutes=37 * i), timedelta(minutes=13 * i))
        LUNCH.worked(start, due)
    assert 10_000 / (perf_counter() - begun) > 2_000
