"""The calendar file: what is refused, with the place named, and what survives."""

from copy import deepcopy
from typing import Any

import pytest

from app.calendars import WorkCalendar
from tests.working_hours import shipped, spec

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


@pytest.mark.parametrize("name", ["ru-5x9", "ru-5x8-lunch", "24x7"])
def test_a_shipped_calendar_survives_its_file(name: str) -> None:
    once = shipped(name)
    assert once.name == name
    assert WorkCalendar.from_spec(deepcopy(once.to_spec())) == once
