"""Browsers of the cast: signed in without the form, with a CSRF token at hand."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from app import outbox, sessions
from app.models import Staff
from tests.web.browse import Browser


def browser_of(app: Flask, member: Staff) -> FlaskClient:
    """A test client whose session is the member's."""
    viewer = sessions.start(member, "test")
    outbox.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = viewer.key
        session["_fresh"] = True
    return client


def signed_in(app: Flask, member: Staff) -> Browser:
    """A visitor who is the member, and whose every page is checked."""
    browser = Browser(app)
    browser.client = browser_of(app, member)
    return browser


def csrf_token(client: FlaskClient) -> str:
    """The token of this browser's forms, as any page would carry it."""

    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/").text)
    assert found
    return found.group(1)
