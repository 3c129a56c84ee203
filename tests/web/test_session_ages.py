"""A sign-in ends by itself: a month after it, or two weeks after the last page; both are settings and are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.errors import BadSetting
from app.extensions import db
from app.models import StaffSession
from app.reading import staff
from tests.cast import alice, masha
from tests.web.browse import Browser
from tests.web.signing_in import signed_in


def test_a_sign_in_ends_after_a_month_however_busy_it_was(app: Flask) -> None:
    hers = signed_in(app, alice())
    for _ in range(3):
        assert hers.open("/me/security").address == "/me/security"
        clock.shift(timedelta(days=9, hours=23))
    assert hers.open("/me/security").address == "/me/security"
    clock.shift(timedelta(hours=4))
    assert hers.open("/me/security").address == "/login"
    assert hers.client.get("/login/still", headers={"HX-Request": "true"}).status_code == 401  # words are kept then


def test_a_sign_in_ends_after_two_weeks_without_a_page(app: Flask) -> None:
    hers = signed_in(app, alice())
    clock.shift(timedelta(days=13, hours=23))
    assert hers.open("/me/security").address == "/me/security"
    stolen = hers.client.get_cookie("desk")
    assert stolen is not None
    clock.shift(timedelta(days=13, hours=23))
    assert hers.open("/me/security").address == "/me/security"
    thief = Browser(app)
    thief.client.set_cookie("desk", stolen.value)
    clock.shift(timedelta(hours=2))
    assert hers.open("/me/security").address == "/me/security"
    assert thief.open("/me/security").address == "/login"  # an old copy of the cookie is as old as it is


def test_the_page_says_until_when_each_sign_in_holds(app: Flask) -> None:
    hers = signed_in(app, alice())
    signed_in(app, alice())
    text = hers.open("/me/security").text
    assert "Вход действует 30 дней, а если страницы не открывать, то 14 дней." in text
    assert text.count("действует до") == 2
    clock.shift(timedelta(days=31))
    again = signed_in(app, alice())
    text = again.open("/me/security").text
    assert text.count("действует до") == 1
    assert db.session.query(StaffSession).count() == 1  # those that ended are gone with the next sign-in


def test_the_list_of_staff_counts_those_that_hold(app: Flask) -> None:
    signed_in(app, alice())
    clock.shift(timedelta(days=31))
    masha()
    [row] = [one for one in staff.listed() if one.email == alice().email]
    assert row.sessions == 0


def test_both_ages_are_settings(make_app: Callable[..., Flask]) -> None:
    app = make_app(SESSION_ENDS_AFTER="12h", SESSION_IDLE_AFTER="1h")
    with app.app_context():
        hers = signed_in(app, alice())
        clock.shift(timedelta(minutes=61))
        assert hers.open("/me/security").address == "/login"
        hers = signed_in(app, alice())
        for _ in range(12):
            assert hers.open("/me/security").address == "/me/security"
            clock.shift(timedelta(minutes=59))
        clock.shift(timedelta(minutes=20))
        assert hers.open("/me/security").address == "/login"
    with pytest.raises(BadSetting, match="SESSION_IDLE_AFTER"):
        make_app(SESSION_IDLE_AFTER="1m")
