"""Addresses that no page has written: ids of no database, names with NUL, bidi and a hundred kilobytes."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from app.extensions import db
from app.models import Role
from app.rights import RIGHTS
from tests.cast import request_of_carol, staff
from tests.web.signing_in import browser_of, csrf_token
from tests.web.test_rights import routes, token

_LEFT_OUT = {"live.stream", "sessions.logout", "static", "tokens.revoke"}
_IDS = ("0", "2147483648", "9" * 40)
_NAMES = ("\x00", "48\x002173", "\u202e\u2066x'--", "x" * 5000)


@pytest.mark.trust("I5")
@pytest.mark.parametrize("words", _NAMES)
def test_no_name_in_an_address_breaks_anything(app: Flask, words: str):
    _walk(app, "1", words)


@pytest.mark.trust("I5")
@pytest.mark.parametrize("row_id", _IDS)
def test_no_id_in_an_address_breaks_anything(app: Flask, row_id: str):
    """Under a request that there is, too: what belongs to it is looked up after it was found."""
    _walk(app, row_id, request_of_carol().number)


def _walk(app: Flask, row_id: str, words: str) -> None:
    request_of_carol()
    browser, key = browser_of(app, staff("Роман Степанов", Role.ADMIN, "roman@stek.example")), token(Role.ADMIN)
    form = {"csrf_token": csrf_token(browser), "engineer": row_id, "text": "x", "manager": row_id}
    broken = []
    for rule, method in routes(app):
        if rule.endpoint in _LEFT_OUT or not rule.arguments or rule.endpoint not in RIGHTS:
            continue
        path = rule.rule
        for name in rule.arguments:
            is_id = isinstance(rule._converters[name], IntegerConverter)
            for spelled in (f"<int:{name}>", f"<path:{name}>", f"<{name}>"):
                path = path.replace(spelled, row_id if is_id else quote(words, safe=""))
        db.session.rollback()
        is_api = path.startswith("/api/")  # where a cookie would hide the token
        client, headers = (app.test_client(), {"Authorization": f"Bearer {key}"}) if is_api else (browser, {})
        json: dict[str, str] | None = {} if is_api and method != "GET" else None
        data = form if method == "POST" and json is None else None
        with client.open(path, method=method, headers=headers, json=json, data=data) as answer:
            if answer.status_code >= 500 or (is_api and answer.status_code == 401):
                broken.append((method, rule.rule, answer.status_code))
    assert broken == []
