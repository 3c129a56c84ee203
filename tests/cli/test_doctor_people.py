"""The doctor says of people what would only be missed on a bad day: who reads a complaint, who is on duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app import clock, outbox
from app.models import Role
from tests.cast import alice, masha, staff
from tests.duty.rota import shift
from tests.working_hours import OFFICE

Said = Callable[..., str]


@pytest.fixture
def said(make_app: Callable[..., Flask]) -> Said:
    def run(name: str, prepare: Callable[[], object] | None = None, **settings: str) -> str:
        app = make_app(**settings)
        with app.app_context():
            if prepare:
                prepare()
        lines = app.test_cli_runner().invoke(args=["doctor"]).output.splitlines()
        [line] = [one for one in lines if one.split()[1] == name]
        return line

    return run


def test_a_complaint_about_the_only_manager_who_is_the_head_would_reach_nobody(said: Said) -> None:
    line = said("complaints", masha, HEAD_EMAIL="Masha@stek.example")
    assert line.startswith("warn")
    assert "one about masha@stek.example would reach nobody" in line
    assert "flask staff add EMAIL --name NAME --role manager, or set HEAD_EMAIL" in line


def _head_is_an_engineer_and_the_manager_has_left() -> None:
    alice()
    masha().is_disabled = True
    outbox.commit()


def test_a_manager_who_has_left_reads_nothing(said: Said) -> None:
    line = said("complaints", _head_is_an_engineer_and_the_manager_has_left, HEAD_EMAIL="alice@stek.example")
    assert line.startswith("warn")
    assert "alice@stek.example would reach nobody" in line


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (masha, "one about the only manager goes to HEAD_EMAIL (iso@stekspb.ru)"),
        (None, "one about any member of staff goes to HEAD_EMAIL (iso@stekspb.ru)"),
        (
            lambda: (masha(), staff("Игорь Солнцев", Role.ADMIN, "iso@stekspb.ru")),
            "one about any member of staff has somebody else to read it",
        ),
    ],
)
def test_a_complaint_has_a_reader(said: Said, prepare: Callable[[], object] | None, words: str) -> None:
    line = said("complaints", prepare)
    assert line.startswith("ok")
    assert words in line


def _shifts(*hours: tuple[int, int]) -> None:
    for start, end in hours:
        shift(alice(), _wall(start), _wall(end))


def _wall(hours: int) -> str:
    """So many hours from now, by Moscow's clock."""
    return f"{(clock.now() + timedelta(hours=hours)).astimezone(OFFICE.zone):%Y-%m-%d %H:%M}"


def test_hours_ahead_without_anybody_on_duty_are_named(said: Said) -> None:
    line = said("duty", lambda: _shifts((-1, 20), (30, 40), (50, 200)))
    assert line.startswith("warn")
    assert "nobody is on duty from 20" in line
    assert "and in 1 more stretches of the next 7 days" in line
    assert "fill the roster (/duty)" in line


def test_nobody_on_duty_now_is_said_so(said: Said) -> None:
    assert "nobody is on duty from now until" in said("duty", lambda: _shifts((2, 20)))


def test_a_full_roster_is_well(said: Said) -> None:
    full = said("duty", lambda: _shifts((-1, 200)))
    assert full.startswith("ok")
    assert "somebody is on duty all the next 7 days" in full


def test_no_roster_at_all_is_nobodys_fault(said: Said) -> None:
    none = said("duty")
    assert none.startswith("ok")
    assert "no roster was begun: managers and HEAD_EMAIL (iso@stekspb.ru) are called" in none
