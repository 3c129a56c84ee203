"""The log keeps one line an event and no secrets."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import logs
from app.extensions import db


def _record(words: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("app.web", logging.INFO, __file__, 1, words, arguments, None)


@pytest.mark.trust("X13")
@pytest.mark.trust("I4")
@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("GET /r/AbC-123 200", "GET /r/… 200"),
        ("GET /r/AbC-123/answer 200", "GET /r/…/answer 200"),
        ("GET /account/secret 200", "GET /account/… 200"),
        ("GET /status?number=482173 200", "GET /status?… 200"),
        ("login of a\r\nERROR forged\x1b[31m", "login of a\\r\\nERROR forged\\x1b[31m"),
        ("a\u2028b\x85c", "a\\u2028b\\x85c"),
    ],
)
def test_words_are_masked_and_stay_on_their_line(words: str, kept: str) -> None:
    assert logs.clean(words) == kept


@pytest.mark.trust("I4")
@pytest.mark.trust("S12")
def test_every_address_with_a_secret_is_masked(app: Flask) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    assert len(rules) > 20
    shown = [logs.clean(f"GET {rule.replace('<token>', '17.sEcrEt')} 200") for rule in rules]
    assert [words for words in shown if "sEcrEt" in words] == []


@pytest.mark.trust("I4")
def test_an_exception_is_one_line_too() -> None:
    try:
        int("first\nsecond")
    except ValueError:
        record = _record("it %s", "failed")
        record.exc_info = sys.exc_info()
    line = logs.TextFormatter().format(record)
    assert len(line.splitlines()) == 1
    assert "it failed\\nTraceback" in line


@pytest.mark.trust("I4")
def test_json_says_the_same() -> None:
    line = json.loads(logs.JsonFormatter().format(_record("GET /r/secret %d", 200)))
    assert line["message"] == "GET /r/… 200"
    assert line["level"] == "INFO"
    assert line["at"].endswith("Z")


@pytest.mark.trust("I4")
def test_what_people_wrote_stands_in_no_trouble_of_the_database(app: Flask) -> None:
    with pytest.raises(DBAPIError) as failed:
        db.session.execute(text("SELECT 1 FROM nowhere WHERE words = :words"), {"words": "жалоба на Орлова"})
    db.session.rollback()
    assert "nowhere" in str(failed.value)
    assert "Орлова" not in str(failed.value)
