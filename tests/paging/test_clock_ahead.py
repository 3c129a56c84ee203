"""A clock that was a day ahead and came back: nobody waits a day for the next call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock, outbox, paging
from app.models import DutyRole
from tests.cast import acting, alice, bob, masha
from tests.duty.rota import shift
from tests.paging.night import MINUTE, THREE, called, escalation_of, go_to, urgent

AHEAD = timedelta(days=1)
A, B, M = "alice@stek.example", "bob@stek.example", "masha@stek.example"


@pytest.fixture(autouse=True)
def roster(app: Flask) -> None:
    clock.shift(THREE - timedelta(days=1) - clock.now())
    masha()
    shift(alice(), "2026-12-31 09:00", "2027-01-03 09:00")
    shift(bob(), "2026-12-31 09:00", "2027-01-03 09:00", DutyRole.NEXT)


def night_after(minutes: int = 30) -> list[str]:
    """Whom the next half an hour called, by the clock that is right again."""
    before = len(called())
    for minute in range(1, minutes + 1):
        go_to(THREE + 10 * MINUTE + minute * MINUTE)
    return [who for _at, who in called()[before:]]


def test_what_came_before_the_manager_by_a_clock_ahead_is_called_on():
    urgent()
    go_to(THREE + AHEAD)
    assert set(night_after()) == {A, B, M}


def test_a_step_by_a_clock_ahead_holds_back_no_step_of_the_night():
    urgent()
    go_to(THREE)
    go_to(THREE + AHEAD)
    assert set(night_after()) == {A, B, M}


def test_a_watch_by_a_clock_ahead_ends_in_its_time():
    ticket = urgent()
    go_to(THREE)
    clock.shift(AHEAD)
    with outbox.transaction():
        assert paging.acknowledge([escalation_of(ticket).id], acting(masha()), clock.now()).is_first
    assert set(night_after(60)) == {A, B, M}
