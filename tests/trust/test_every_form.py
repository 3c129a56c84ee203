"""Every form there is, filled with what no form holds: a hundred kilobytes, bidi and formulas, dates that are none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from app.extensions import db
from app.models import Role
from tests.cast import alice, neva_trade, request_of_carol, staff
from tests.web.signing_in import browser_of, csrf_token
from tests.web.test_rights import routes

_LEFT_OUT = {"sessions.logout", "person_data.erase"}
_FIELD = re.compile(r"""(?:form|typed|fields|values)(?:\.get|\.getlist)?[(\[]"([a-z_]+)\"""")
_HOSTILE = {
    "long": "x" * 100_000,
    "marked up": "\u202e=cmd|' /C calc'!A0\u2066<script>alert(1)</script>{{7*7}}%s\x85\u2028",
    "the first day": "0001-01-01T00:00",
    "the last day": "9999-12-31T23:59",
}
_NUMBERS = {"engineer", "manager", "company", "company_id", "template", "seen", "letter", "value", "other", "into"}


def _fields() -> set[str]:
    """Every name that a view asks a form for."""
    return {
        name
        for path in Path("app/web").glob("*.py")
        for name in _FIELD.findall(path.read_text(encoding="utf-8"))
        if name not in {"csrf_token", "password", "current", "repeated"}
    }


@pytest.mark.trust("I5")
@pytest.mark.parametrize("kind", _HOSTILE)
def test_no_words_in_a_form_break_it(app: Flask, kind: str):
    neva_trade(), alice()
    number = request_of_carol().number
    browser = browser_of(app, staff("Роман Степанов", Role.ADMIN, "roman@stek.example"))
    numbers = dict.fromkeys(_NUMBERS, "9" * 30) if kind == "marked up" else {}
    data = {**dict.fromkeys(_fields(), _HOSTILE[kind]), **numbers, "csrf_token": csrf_token(browser)}
    broken = []
    for rule, method in routes(app):
        if method != "POST" or rule.rule.startswith("/api/") or rule.endpoint in _LEFT_OUT or "telegram" in rule.rule:
            continue
        ids = {
            name: 1 if isinstance(rule._converters[name], IntegerConverter) else number if name == "number" else "x"
            for name in rule.arguments
        }
        path = app.url_map.bind("127.0.0.1:8000").build(rule.endpoint, ids, method="POST")
        db.session.rollback()
        with browser.post(path, data=data) as answer:
            if answer.status_code >= 500:
                broken.append((rule.rule, answer.status_code))
    assert broken == []


def test_a_deadline_beyond_ten_years_is_a_mistyped_year(app: Flask):
    number = request_of_carol().number
    browser = browser_of(app, alice())
    data = {"csrf_token": csrf_token(browser), "due": "3026-12-01T10:00", "reason": "Ждём деталь"}
    db.session.rollback()
    answer = browser.post(f"/tickets/{number}/deadline", data=data)
    assert (answer.status_code, "Проверьте год" in answer.text) == (422, True)
    data |= {"look_again": "3026-12-01T10:00", "holder": "third_party", "holder_reason": "Провайдер"}
    answer = browser.post(f"/tickets/{number}/holder", data=data)
    assert (answer.status_code, "Проверьте год" in answer.text) == (422, True)
