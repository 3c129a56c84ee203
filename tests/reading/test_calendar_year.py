"""A year at a glance agrees with the decrees: each kind of day is counted, each moved and short day named."""

from __future__ import annotations

import pytest

from app.reading.calendar_year import DayKind, Year, year_of
from tests.working_hours import ALWAYS, LUNCH, OFFICE

YEARS = {
    2024: (248, "04-27 04-29 04-30 05-10 11-02 12-28 12-30 12-31", "02-22 03-07 05-08 06-11"),
    2025: (247, "05-02 05-08 06-13 11-01 11-03 12-31", "03-07 04-30 06-11"),
    2026: (247, "01-09 12-31", "04-30 05-08 06-11 11-03"),
    2027: (247, "02-20 02-22 11-05 12-31", "04-30 06-11 11-03"),
}


def named(year: Year, kind: DayKind) -> str:
    """A short working Saturday is shown as moved; its hours tell the rest."""
    days = (day for month in year.months for week in month.weeks for day in week if day and day.kind is kind)
    return " ".join(f"{day.date:%m-%d}" for day in days)


@pytest.mark.parametrize("number", YEARS)
def test_a_year_tells_working_moved_and_short_days(number: int) -> None:
    working, moved, short = YEARS[number]
    year = year_of(OFFICE, number)
    assert year.working_days == working
    assert named(year, DayKind.MOVED) == moved
    assert named(year, DayKind.SHORT) == short
    assert year.kinds.total() == (366 if number % 4 == 0 else 365)
    assert year.decree.startswith("Постановление Правительства РФ")
    assert not year.is_unknown


def test_hours_of_a_year_leave_out_lunch_and_the_short_hours() -> None:
    assert year_of(OFFICE, 2026).minutes == (247 * 9 - 4) * 60
    assert year_of(LUNCH, 2026).minutes == (247 * 8 - 4) * 60
    assert year_of(ALWAYS, 2024).minutes == 366 * 24 * 60


def test_a_year_without_data_follows_the_week() -> None:
    year = year_of(OFFICE, 2028)
    assert year.kinds == {DayKind.UNKNOWN: 260, DayKind.OFF: 106}
    assert (year.is_unknown, year.decree) == (True, "")


def test_weeks_begin_on_monday_and_hold_each_day_once() -> None:
    for number in (2024, 2026):
        for month in year_of(ALWAYS, number).months:
            assert {len(week) for week in month.weeks} == {7}
            days = [day for week in month.weeks for day in week]
            assert all(day.date.weekday() == at % 7 for at, day in enumerate(days) if day)
            assert [day.date.day for day in days if day] == list(range(1, len([day for day in days if day]) + 1))
