"""Applications of one test process share what is alike, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment
from sqlalchemy import select
from werkzeug.routing import BaseConverter

from app.extensions import db
from app.models import Staff
from tests import warm
from tests.cast import alice, bob


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    return _another(sqlite_template, tmp_path / "one.sqlite3")


def _another(template: Path, target: Path) -> str:
    shutil.copy(template, target)
    return f"sqlite:///{target}"


def _emails() -> list[str]:
    found = list(db.session.scalars(select(Staff.email).where(Staff.name != "")))
    db.session.rollback()
    return found


def test_compiled_sql_is_shared_and_no_rows(make_app: Callable[..., Flask], sqlite_template: Path, tmp_path: Path):
    one = make_app()
    with one.app_context():
        alice()
        assert _emails() == ["alice@stek.example"]
        engine = db.engine
    with make_app(DATABASE_URL=_another(sqlite_template, tmp_path / "two.sqlite3")).app_context():
        known = len(engine._compiled_cache or ())
        assert _emails() == []
        assert len(db.engine._compiled_cache or ()) == known
        bob()
        assert _emails() == ["bob@stek.example"]
    with one.app_context():
        assert _emails() == ["alice@stek.example"]


class Loud(BaseConverter):
    def to_url(self, value: str) -> str:
        return value.upper()


class Quiet(BaseConverter):
    def to_url(self, value: str) -> str:
        return value.lower()


def test_addresses_are_of_their_own_converters_and_defaults():
    made = []
    for converter, place in ((Loud, "a"), (Quiet, "a"), (Quiet, "b")):
        app = Flask("addresses")
        app.url_map.converters["tone"] = converter
        app.add_url_rule("/say/<tone:word>", "say", lambda word: word)
        app.add_url_rule("/at/<tone:place>/<word>", "at", lambda word, place: word, defaults={"place": place})
        with app.test_request_context():
            made.append((app.url_for("say", word="Hey", q="1"), app.url_for("at", word="x")))
    assert made == [("/say/HEY?q=1", "/at/A/x"), ("/say/hey?q=1", "/at/a/x"), ("/say/hey?q=1", "/at/b/x")]


def test_a_template_that_changed_is_compiled_anew():
    cache = warm.Templates()

    def said(source: str) -> str:
        return Environment(loader=DictLoader({"x.txt": source}), bytecode_cache=cache).get_template("x.txt").render()

    assert [said("one"), said("two"), said("one")] == ["one", "two", "one"]
