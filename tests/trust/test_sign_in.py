"""The door of the staff under attack: cookies, guesses in a crowd, forged headers, an empty house, Redis away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.models import Staff
from tests.cast import PASSWORD, alice, staff
from tests.web.browse import Browser

_SPOOFS = ("X-Remote-User", "Remote-User", "X-Forwarded-User", "X-User", "X-Authenticated-User", "X-Email")
_FIRST_PAIRS = (
    *(("root", "password"), ("admin", "admin"), ("admin@example.com", "admin"), ("admin@localhost", "password")),
    *(("info@stekspb.ru", "helpdesk"), ("iso@stekspb.ru", "123456"), ("", ""), ("root@localhost", "")),
)


def tries(client: FlaskClient, email: str, password: str, address: str = "127.0.0.1", **headers: str) -> int:
    sent = client.post(
        "/login",
        data={"email": email, "password": password},
        environ_base={"REMOTE_ADDR": address},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return sent.status_code


@pytest.fixture
def open_door(make_app: Callable[..., Flask]) -> Callable[..., Flask]:
    """A desk whose forms ask for no token: what is tried here is what lies behind it."""

    def make(**settings: str) -> Flask:
        app = make_app(**settings)
        app.config["WTF_CSRF_ENABLED"] = False
        return app

    return make


@pytest.mark.trust("S3")
def test_every_cookie_has_its_flags(app: Flask) -> None:
    alice()
    browser = Browser(app)
    page = browser.open("/login")
    answers = [page.response]
    answers.append(browser.send(page, "/login", email=alice().email, password=PASSWORD).response)
    answers += [step for answer in answers for step in answer.history]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert cookies
    for cookie in cookies:
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie


@pytest.mark.trust("S5")
def test_a_crowd_of_guesses_is_counted_one_by_one_and_locks_nobody_else_out(
    open_door: Callable[..., Flask],
) -> None:
    app = open_door()
    with app.app_context():
        hers = staff("Новый человек", email=f"{token_hex(4)}@stek.example").email
        db.session.rollback()

    def guess(number: int) -> int:
        return tries(app.test_client(), hers, f"guess {number}")

    with ThreadPoolExecutor(20) as crowd:
        found = Counter(crowd.map(guess, range(200)))
    assert found[422] <= 10, found
    assert found[422] + found[429] == 200
    assert tries(app.test_client(), hers, PASSWORD) == 429
    assert tries(app.test_client(), hers, PASSWORD, "10.1.1.1") == 303  # its owner, elsewhere


@pytest.mark.trust("S13")
@pytest.mark.parametrize("header", _SPOOFS)
def test_no_header_makes_anybody_somebody(app: Flask, header: str) -> None:
    email = alice().email
    answer = app.test_client().get("/queue", headers={header: email})
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


@pytest.mark.trust("S13")
@pytest.mark.parametrize(
    ("proxies", "header", "value"),
    [
        ("0", "X-Forwarded-For", "198.51.100.{}"),
        ("0", "CF-Connecting-IP", "198.51.100.{}"),
        ("0", "X-Real-IP", "198.51.100.{}"),
        ("0", "Forwarded", "for=198.51.100.{}"),
        ("1", "X-Forwarded-For", "198.51.100.{}, 203.0.113.9"),
        ("1", "CF-Connecting-IP", "198.51.100.{}"),
    ],
)
def test_no_header_is_another_address(open_door: Callable[..., Flask], proxies: str, header: str, value: str) -> None:
    """Behind one named proxy only what that proxy added counts: the last of the list."""
    app = open_door(TRUSTED_PROXIES=proxies, LOGIN_LIMIT="3 per minute")
    email = f"{token_hex(4)}@stek.example"
    found = [tries(app.test_client(), email, "x", **{header: value.format(number)}) for number in range(1, 5)]
    assert found == [422, 422, 422, 429]


@pytest.mark.trust("S13")
def test_the_named_proxy_is_believed(open_door: Callable[..., Flask]) -> None:
    app = open_door(TRUSTED_PROXIES="1", LOGIN_LIMIT="1 per minute")
    email = f"{token_hex(4)}@stek.example"
    assert tries(app.test_client(), email, "x", X_Forwarded_For="203.0.113.1") == 422
    assert tries(app.test_client(), email, "x", X_Forwarded_For="203.0.113.2") == 422
    assert tries(app.test_client(), email, "x", X_Forwarded_For="203.0.113.2") == 429


@pytest.mark.trust("S14")
def test_a_fresh_desk_has_nobody_and_lets_nobody_in(open_door: Callable[..., Flask]) -> None:
    app = open_door(LOGIN_LIMIT="1000 per minute")
    with app.app_context():
        assert db.session.query(Staff).count() == 0
        db.session.rollback()
    for email, password in _FIRST_PAIRS:
        client = app.test_client()
        assert tries(client, email, password) == 422, email
        assert client.get("/queue").status_code == 302


@pytest.mark.trust("I9")
def test_brakes_hold_with_redis_away(open_door: Callable[..., Flask]) -> None:
    limit = "3 per minute"
    settings = {"LOOKUP_LIMIT": limit, "LOGIN_LIMIT": limit, "UPLOAD_LIMIT": limit, "FORM_LIMIT": limit}
    app = open_door(REDIS_URL="unix:///nowhere/redis.sock", **settings)
    asks: tuple[Callable[[FlaskClient], int], ...] = (
        lambda client: client.get("/status?number=482173").status_code,
        lambda client: tries(client, "nobody@stek.example", "x"),
        lambda client: client.post("/uploads", data={}).status_code,
        lambda client: client.post("/", data={"name": "x"}).status_code,
    )
    for ask in asks:
        found = [ask(app.test_client()) for _ in range(4)]
        assert found[3] == 429, found
        assert 429 not in found[:3], found
