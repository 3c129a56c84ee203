"""The rules of days against a second reading of law and file, and thousands of answers at once by the command."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

import app as desk
from app import calendar_versions, outbox, terms
from app.calendars import WorkCalendar
from app.clock import now
from app.durations import iso
from tests.test_wall_clock import WallClock, hours_of_a_day
from tests.working_hours import DAYS

LAW: dict[str, dict[str, Any]] = json.loads(
    (Path(desk.__file__).parent / "data" / "production_calendar_ru.json").read_text("utf-8")
)["years"]
FIRST, COUNT = date(2023, 12, 1), 1_900  # into years without a decree on both sides


def minutes(hours: list[list[str]]) -> list[int]:
    """Every open minute of a day, in order."""
    edges = [[int(edge[:2]) * 60 + int(edge[3:]) for edge in pair] for pair in hours]
    return [minute for opens, closes in sorted(edges) for minute in range(opens, closes)]


def by_the_law(spec: dict[str, Any], day: date) -> list[int]:
    """The open minutes of a day: by hand, else by decree, else by the week; a short day lacks its last 60 of them."""
    if day.isoformat() in spec["days"]:
        return minutes(spec["days"][day.isoformat()])
    year, text = LAW.get(str(day.year), {}), day.isoformat()
    if text in year.get("days_off", ()):
        return []
    model = day
    if text in year.get("working_weekend_days", ()):
        before = (day - timedelta(days=back) for back in range(1, 7))
        model = next((one for one in before if one.weekday() < 5 and spec["week"][DAYS[one.weekday()]]), day)
    usual = minutes(spec["week"][DAYS[model.weekday()]])
    return usual[:-60] if text in year.get("short_days", ()) else usual


@pytest.mark.trust("R24")
@settings(max_examples=25, deadline=None)
@given(
    week=st.lists(hours_of_a_day(), min_size=7, max_size=7).filter(any),
    own=st.dictionaries(st.integers(0, COUNT - 1), hours_of_a_day(), max_size=5),
)
def test_every_day_of_five_years_is_as_the_law_has_it(week: list[list[list[str]]], own: dict[int, Any]) -> None:
    days = {(FIRST + timedelta(days=number)).isoformat(): hours for number, hours in own.items()}
    spec = {"name": "t", "time_zone": "Europe/Moscow", "production_calendar": "RU", "days": days}
    spec["week"] = dict(zip(DAYS, week, strict=True))
    calendar = WorkCalendar.from_spec(spec)
    for number in range(COUNT):
        day = FIRST + timedelta(days=number)
        shown = [minute for opens, closes in calendar.opening_hours_on(day) for minute in range(opens, closes)]
        assert shown == by_the_law(spec, day), day


PLACES = {  # a zone and the days around a jump of its clock, holidays and short days among them
    "Europe/Moscow": "2026-04-27",
    "America/New_York": "2026-10-28",
    "Australia/Lord_Howe": "2026-10-01",
    "America/St_Johns": "2026-03-05",
    "Asia/Kathmandu": "2026-11-01",
}
SHIFTS = {
    "mon": [["09:00", "13:00"], ["14:00", "18:00"]],
    "tue": [["22:00", "24:00"]],
    "wed": [["00:00", "06:00"], ["13:30", "14:15"]],
    "thu": [["00:00", "24:00"]],
    "fri": [["09:00", "18:00"]],
    "sun": [["01:00", "03:30"]],
}
WINDOW = 12 * 24 * 60


@pytest.mark.trust("R24")
@pytest.mark.parametrize("zone", PLACES)
def test_two_thousand_random_questions_a_second_are_answered_as_minute_by_minute(app: Flask, zone: str) -> None:
    spec = {"name": "shifts", "time_zone": zone, "production_calendar": "RU", "week": SHIFTS}
    calendar_versions.keep_calendar(spec, now())
    outbox.commit()
    since = datetime.fromisoformat(PLACES[zone]).replace(tzinfo=UTC)
    clock, dice = WallClock(terms.calendar_named("shifts"), since, WINDOW), random.Random(7)
    due_lines, dues, worked_lines, worked = [], [], [], []
    for _case in range(1_000):
        start = dice.randrange(WINDOW // 2)
        work = dice.randrange(1, clock.worked(start, WINDOW))
        due_lines.append(json.dumps({"from": iso(since + timedelta(minutes=start)), "work": f"{work}m"}))
        dues.append(iso(since + timedelta(minutes=clock.due(start, work))))
        end = dice.randrange(WINDOW)
        times = {"from": iso(since + timedelta(minutes=start)), "to": iso(since + timedelta(minutes=end))}
        worked_lines.append(json.dumps(times))
        worked.append(str(clock.worked(start, end) * 60 if start < end else 0))
    begun = process_time()
    assert answers(app, "due", due_lines) == dues
    assert answers(app, "worked", worked_lines) == worked
    assert process_time() - begun < 1


def answers(app: Flask, command: str, lines: list[str]) -> list[str]:
    asked = app.test_cli_runner().invoke(args=["calendar", command, "shifts", "--batch"], input="\n".join(lines))
    assert asked.exit_code == 0, asked.output
    return str(asked.stdout).splitlines()
