"""Accepting a form under faults: the same post again, many at once, and a power cut between any two steps."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models import Event, Message, Promise, Ticket
from tests import forked, servers
from tests.cast import FORM


def post(client: FlaskClient, form_key: str | None = None) -> str:
    """Fill in the form as a browser does and return the number on the confirmation page."""
    page = client.get("/").text
    hidden = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"', page))
    if form_key:
        hidden["form_key"] = form_key
    answer = client.post("/", data={**FORM, **hidden})
    assert answer.status_code == 303, answer.text
    return str(re.findall(r'data-ticket="(\d+)"', client.get(answer.headers["Location"]).text)[0])


def counts() -> tuple[int, int, int, int]:
    """How many requests, messages, promises and events there are."""
    ticket, message, promise, event = (
        db.session.scalar(select(func.count()).select_from(noun)) or 0 for noun in (Ticket, Message, Promise, Event)
    )
    return ticket, message, promise, event


@pytest.mark.trust("R1")
def test_fifty_posts_of_one_form_at_once_are_one_request(make_app: Callable[..., Flask]):
    app = make_app(**servers.UNLIMITED)
    with ThreadPoolExecutor(10) as pool:
        numbers = set(pool.map(lambda _: post(app.test_client(), "one-key-for-all"), range(50)))
    assert len(numbers) == 1
    with app.app_context():
        assert counts() == (1, 1, 2, 1)


@pytest.mark.trust("R36")
def test_two_hundred_requests_at_once_have_two_hundred_numbers(make_app: Callable[..., Flask]):
    app = make_app(**servers.UNLIMITED)
    with ThreadPoolExecutor(10) as pool:
        numbers = list(pool.map(lambda _: post(app.test_client()), range(200)))
    assert len(set(numbers)) == 200
    with app.app_context():
        assert counts()[0] == 200


POSTER = """
from app import create_app
from tests.web.test_accepting import post
print(post(create_app().test_client(), "the-form"))
"""


@pytest.mark.trust("R2")
@pytest.mark.trust("R3")
@pytest.mark.parametrize("place", ["before commit", "after commit", "after the bell"])
def test_a_power_cut_while_accepting_loses_and_doubles_nothing(
    place: str, make_app: Callable[..., Flask], database_url: str, redis_url: str, tmp_path: Path
):
    settings = servers.environment(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url, **servers.UNLIMITED)

    def run(failpoint: str) -> subprocess.CompletedProcess[str]:
        return forked.run(POSTER, {**os.environ, **settings, "HELPDESK_FAILPOINT": failpoint})

    app = make_app(**servers.UNLIMITED)
    killed = run(place)
    assert (killed.returncode, killed.stdout) == (137, "")
    with app.app_context():
        assert counts() == ((0, 0, 0, 0) if place == "before commit" else (1, 1, 2, 1))
        db.session.rollback()
    again = run("")
    assert again.returncode == 0, again.stderr
    with app.app_context():
        assert counts() == (1, 1, 2, 1)
        assert db.session.scalar(select(Ticket.number)) == again.stdout.split()[-1]
        assert db.session.scalar(select(Event.drain_at)) is not None


@pytest.mark.trust("R30")
def test_a_locked_database_is_a_clear_503_that_keeps_the_text(
    make_app: Callable[..., Flask], database_url: str, monkeypatch: pytest.MonkeyPatch
):
    if not database_url.startswith("sqlite"):
        return  # PostgreSQL locks rows, not the whole database
    monkeypatch.setattr("app.database._PRAGMAS", ("journal_mode=WAL", "busy_timeout=200"))
    app = make_app(**servers.UNLIMITED)
    client = app.test_client()
    hidden = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"', client.get("/").text))
    with sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = client.post("/", data={**FORM, **hidden})
        other.execute("ROLLBACK")
    other.close()
    assert refused.status_code == 503
    assert FORM["what"] in refused.text
    assert client.post("/", data={**FORM, **hidden}).status_code == 303
