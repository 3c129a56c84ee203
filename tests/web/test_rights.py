"""The rights table against every route: who gets in, who is turned away, and nothing unsafe without a token."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from app import outbox, sessions
from app.clock import now
from app.extensions import db
from app.models import Role, Token
from app.policy import OPEN_ACTS, Act
from app.rights import RIGHTS
from tests.cast import alice, masha, request_of_carol, staff
from tests.web.signing_in import browser_of

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
TURNED_AWAY = {302, 401, 403}


def address(app: Flask, rule: Rule, number: str) -> str:
    """A plausible address for a route: the request's number, and 1 or x for the rest."""
    values: dict[str, str | int] = {}
    for name in rule.arguments:
        is_number = isinstance(rule._converters.get(name), IntegerConverter)
        values[name] = number if name in {"number", "n"} else 1 if is_number else "x"
    with app.test_request_context():
        return str(app.url_map.bind("127.0.0.1:8000").build(rule.endpoint, values, method=None))


def routes(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def ask(client: FlaskClient, method: str, path: str, key: str = "") -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    json: dict[str, str] | None = {} if path.startswith("/api/") and method in UNSAFE else None
    with client.open(path, method=method, headers=headers, json=json) as answer:
        return answer.status_code


def token(role: Role) -> str:
    key, key_hash = sessions.new_token_key()
    db.session.add(Token(name=f"program {role}", role=role, key_hash=key_hash, created_at=now()))
    outbox.commit()
    return key


@pytest.fixture
def number(app: Flask) -> str:
    return request_of_carol().number


@pytest.mark.trust("A4")
def test_nobody_in_particular_gets_only_what_is_open(app: Flask, number: str):
    stranger = app.test_client()
    for rule, method in routes(app):
        status = ask(stranger, method, address(app, rule, number))
        if RIGHTS[rule.endpoint] in OPEN_ACTS:
            is_honest = rule.endpoint == "health.ready" and status == 503  # no process runs beside the test
            assert status < 500 or is_honest, (rule.rule, method, status)
        else:
            assert status in TURNED_AWAY | {400}, (rule.rule, method, status)
            assert status != 200


@pytest.mark.trust("A4")
@pytest.mark.trust("A6")
@pytest.mark.parametrize(
    ("role", "refused"),
    [(Role.ENGINEER, {Act.MANAGE, Act.ADMINISTER}), (Role.MANAGER, {Act.ADMINISTER}), (Role.ADMIN, set())],
)
def test_each_role_reaches_its_own_and_no_more(app: Flask, number: str, role: Role, refused: set[Act]):
    member = {Role.ENGINEER: alice, Role.MANAGER: masha}.get(role, lambda: staff("Админ", Role.ADMIN, "a@stek.example"))
    browser, key = browser_of(app, member()), token(role)
    for rule, method in routes(app):
        if rule.endpoint in {"live.stream", "sessions.logout"} or RIGHTS[rule.endpoint] in OPEN_ACTS:
            continue
        is_api = rule.rule.startswith("/api/")
        if is_api:
            assert ask(browser, method, address(app, rule, number)) == 401, (rule.rule, "a cookie is no key")
        status = ask(
            app.test_client() if is_api else browser, method, address(app, rule, number), key if is_api else ""
        )
        if RIGHTS[rule.endpoint] in refused:
            assert status in {403, 400}, (rule.rule, method, status)
        elif method == "GET":
            assert status in {200, 302, 404, 422}, (rule.rule, method, status)
        assert status < 500, (rule.rule, method, status)


@pytest.mark.trust("S1")
def test_nothing_unsafe_happens_without_a_csrf_token(app: Flask, number: str):
    browser = browser_of(app, masha())
    for rule, method in routes(app):
        if method in UNSAFE and not rule.rule.startswith("/api/"):
            status = ask(browser, method, address(app, rule, number))
            assert status in {400, 403}, (rule.rule, method, status)
