"""Staff sign in and out: new keys, one answer for all misses, brakes on misses alone, no way to other sites."""

from __future__ import annotations

from secrets import token_hex
from urllib.parse import quote

import pytest
from flask import Flask

from app import outbox
from app.extensions import db
from app.models import StaffSession
from tests.cast import PASSWORD, alice, bob, staff
from tests.web.browse import Browser


def sign_in(browser: Browser, email: str = "alice@stek.example", password: str = PASSWORD, status: int = 200):
    page = browser.open("/login")
    return browser.send(page, "/login", status, email=email, password=password)


def test_alice_signs_in_and_out(app: Flask):
    alice()
    browser = Browser(app)
    assert "Все открытые" in sign_in(browser, email=" Alice@stek.example ").text
    assert browser.open("/login").address == "/queue"
    page = browser.open("/queue")
    assert "Вход для сотрудников" in browser.send(page, "/logout").text
    assert db.session.query(StaffSession).count() == 0
    assert browser.open("/queue").address == "/login"


@pytest.mark.trust("A2")
def test_all_misses_look_the_same(app: Flask):
    alice()
    gone = bob()
    gone.is_disabled = True
    outbox.commit()
    answers = {
        sign_in(Browser(app), email=email, password=password, status=422).text.replace(email, "")
        for email, password in (
            ("alice@stek.example", "wrong"),
            ("nobody@stek.example", "wrong"),
            ("bob@stek.example", PASSWORD),
        )
    }
    assert len(answers) == 1


@pytest.mark.trust("S2")
def test_a_key_from_before_the_sign_in_is_dead(app: Flask):
    alice()
    browser = Browser(app)
    sign_in(browser)
    before = browser.client.get_cookie("desk")
    assert before
    page = browser.open("/queue")
    browser.send(page, "/logout")
    thief = Browser(app)
    thief.client.set_cookie("desk", before.value)
    assert thief.open("/queue").address == "/login"


def test_only_misses_are_braked_and_only_for_this_account(make_app):
    app = make_app(LOGIN_LIMIT="3 per 15 minutes")
    with app.app_context():
        hers, his = (staff("Новый человек", email=f"{token_hex(4)}@stek.example").email for _ in range(2))
        for _ in range(5):
            sign_in(Browser(app), hers)
        for _ in range(3):
            sign_in(Browser(app), hers, "wrong", 422)
        sign_in(Browser(app), hers, status=429)
        assert "Все открытые" in sign_in(Browser(app), his).text


@pytest.mark.trust("S11")
def test_an_endless_password_is_refused_unread(app: Flask):
    alice()
    sign_in(Browser(app), password="x" * 1025, status=400)


@pytest.mark.parametrize("where", ["/tickets/482173", "/queue?view=mine"])
def test_sign_in_leads_back_to_a_page_of_ours(app: Flask, where: str):
    alice()
    answer = _sign_in_with_next(app, where)
    assert answer.headers["Location"] == where


@pytest.mark.trust("S9")
@pytest.mark.parametrize(
    "where",
    ["//evil.example", "/\\evil.example", "https:evil.example", "/\r\nevil", "@evil.example", "http://evil.example"],
)
def test_sign_in_leads_nowhere_else(app: Flask, where: str):
    alice()
    assert _sign_in_with_next(app, where).headers["Location"] == "/queue"


def _sign_in_with_next(app: Flask, where: str):
    browser = Browser(app)
    token = browser.open("/login").all("input", name="csrf_token")[0].get("value")
    data = {"csrf_token": token, "email": "alice@stek.example", "password": PASSWORD}
    return browser.client.post(f"/login?next={quote(where)}", data=data)
