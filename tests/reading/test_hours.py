"""Service hours in a few words, beside a request, on the card of a company, while somebody calls."""

from __future__ import annotations

import pytest
from flask import Flask

from app.reading.ticket_panel import hours_of

DAY, SHORT, ALWAYS = [["09:00", "18:00"]], [["10:00", "15:00"]], [["00:00", "24:00"]]
WORK = ("mon", "tue", "wed", "thu", "fri")
WEEK = (*WORK, "sat", "sun")


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (dict.fromkeys(WORK, DAY), "пн–пт, 9:00–18:00"),
        ({key: [["09:00", "13:00"], ["14:00", "18:00"]] for key in WORK}, "пн–пт, 9:00–13:00, 14:00–18:00"),
        (dict.fromkeys(WORK, DAY) | {"sat": SHORT}, "пн–пт, 9:00–18:00; сб, 10:00–15:00"),
        ({key: [["10:00", "22:00"]] for key in WEEK}, "пн–вс, 10:00–22:00"),
        (dict.fromkeys(WEEK, ALWAYS), "круглосуточно"),
        ({key: [["00:00", "06:00"]] for key in ("mon", "wed")}, "пн, 0:00–6:00; ср, 0:00–6:00"),
        ({}, "own"),
    ],
)
def test_a_week_is_told_as_people_say_it(app: Flask, week: dict[str, list[list[str]]], words: str) -> None:
    with app.test_request_context():
        assert hours_of({"name": "own", "week": week}) == words
