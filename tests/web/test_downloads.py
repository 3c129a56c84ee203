"""Bytes that people sent come from a path that knows no cookie, by an address of its own that is good for a minute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock, outbox
from app.extensions import db
from app.models import Attachment, Message
from app.web import downloads
from tests import cast
from tests.intake.mailing import mail, receive, ticket_of
from tests.intake.samples import multipart, text_part
from tests.web.signing_in import browser_of

HTML = b"<script>alert(document.cookie)</script>"
AS_BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def alice(app: Flask) -> FlaskClient:
    return browser_of(app, cast.alice())


@pytest.fixture
def places(app: Flask) -> dict[str, bytes]:
    """Where staff find what came with one letter, and its bytes."""
    part = b"Content-Type: text/html\r\nContent-Disposition: attachment; filename=a.html\r\n\r\n" + HTML
    raw = multipart(text_part(b"see"), part + b"\r\n")
    letter = receive(raw)
    file, message = db.session.scalars(select(Attachment)).one(), db.session.scalars(select(Message)).one()
    original = f"/tickets/{ticket_of(letter).number}/messages/{message.id}/original"
    return {f"/files/{file.id}": HTML, original: raw, f"/letters/{letter.id}/original": raw}


def led(browser: FlaskClient, place: str) -> str:
    answer = browser.get(place, headers=AS_BROWSER)
    assert answer.status_code == 303
    return answer.headers["Location"]


@pytest.mark.trust("X6")
def test_a_browser_is_led_to_where_no_cookie_counts(app: Flask, places: dict[str, bytes]):
    masha = browser_of(app, cast.masha())
    for place, content in places.items():
        address = led(masha, place)
        assert address.startswith("/download/")
        for browser in (app.test_client(), masha):
            with browser.get(address, headers=AS_BROWSER) as answer:
                assert (answer.status_code, answer.data) == (200, content)
                assert answer.headers["Content-Disposition"].startswith("attachment;")
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert (
                    answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
                )
                assert answer.headers["Cache-Control"] == "no-store"
                assert "Set-Cookie" not in answer.headers
                assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.trust("A3")
def test_the_right_is_looked_at_before_every_address(app: Flask, places: dict[str, bytes]):
    for place in places:
        assert "/login" in app.test_client().get(place, headers=AS_BROWSER).headers["Location"]
    engineer = browser_of(app, cast.alice())
    [of_managers] = [place for place in places if place.startswith("/letters")]
    assert engineer.get(of_managers, headers=AS_BROWSER).status_code == 403


def test_an_address_is_good_for_a_minute_and_for_one_file(app: Flask, alice: FlaskClient, places: dict[str, bytes]):
    address = led(alice, next(iter(places)))
    stranger = app.test_client()
    token = address.rpartition("/")[2]
    number, until, signature = token[1:].split(".")
    for forged in (
        f"f{int(number) + 1}.{until}.{signature}",
        f"l{number}.{until}.{signature}",
        f"f{number}.{int(until) + 600}.{signature}",
        f"f{number}.{until}.{'0' * 32}",
        "x",
        token + "0",
    ):
        assert stranger.get(f"/download/{forged}").status_code == 404
    clock.shift(timedelta(seconds=downloads.GOOD_FOR + 2))
    assert stranger.get(address).status_code == 404


def test_a_program_gets_the_bytes_at_once(app: Flask, alice: FlaskClient, places: dict[str, bytes]):
    for place, content in places.items():
        if not place.startswith("/letters"):
            with alice.get(place) as answer:
                assert answer.data == content


def test_an_infected_file_is_asked_about_first(alice: FlaskClient, places: dict[str, bytes]):
    place = next(iter(places))
    db.session.scalars(select(Attachment)).one().is_infected = True
    outbox.commit()
    assert "нашли вирус" in alice.get(place, headers=AS_BROWSER).text
    assert led(alice, f"{place}?anyway=yes").startswith("/download/f")


def test_the_original_of_a_plain_letter_is_named_as_one(app: Flask, alice: FlaskClient):
    raw = mail()
    letter = receive(raw)
    message = db.session.scalars(select(Message)).one()
    address = led(alice, f"/tickets/{ticket_of(letter).number}/messages/{message.id}/original")
    with alice.get(address) as answer:
        assert answer.data == raw
        assert f"letter-{letter.id}.eml" in answer.headers["Content-Disposition"]
