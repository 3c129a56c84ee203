"""How bounces of one address are counted, and for how long they stop what we write by ourselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import bouncing, clock
from app.extensions import db
from app.models import BouncingAddress

CAROL = "carol@romashka.ru"

pytestmark = pytest.mark.usefixtures("app")


def test_four_points_stop_us_for_a_month_and_a_quiet_month_forgets():
    at = clock.now()
    for _ in range(3):
        bouncing.count(CAROL, "5.2.2", bouncing.SOFT, at)
    assert bouncing.stopped(CAROL, at) is None
    bouncing.count("Carol@romashka.ru", "5.2.2", bouncing.SOFT, at)
    assert bouncing.stopped("CAROL@romashka.ru", at + timedelta(days=29))
    later = at + timedelta(days=31)
    assert bouncing.stopped(CAROL, later) is None
    bouncing.count(CAROL, "5.2.2", bouncing.SOFT, later)
    assert db.session.get_one(BouncingAddress, CAROL, populate_existing=True).score == bouncing.SOFT


def test_no_such_user_stops_us_at_once_for_sixty_days():
    at = clock.now()
    bouncing.count(CAROL, "5.1.1", bouncing.HARD, at)
    assert bouncing.stopped(CAROL, at + timedelta(days=59))
    assert bouncing.stopped(CAROL, at + timedelta(days=61)) is None
    bouncing.forgive(CAROL)
    assert bouncing.stopped(CAROL, at) is None
