"""JSON can hold half a character (a lone surrogate), which no database and no letter can."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from app.extensions import db
from app.models import Role
from tests.cast import request_of_carol
from tests.web.test_rights import token


@pytest.mark.trust("I5")
@pytest.mark.parametrize("words", ["x\ud800", "\udfff", "x\x00"])
def test_half_a_character_breaks_nothing(app: Flask, words: str):
    number = request_of_carol().number
    headers = {"Authorization": f"Bearer {token(Role.ADMIN)}"}
    client = app.test_client()
    for path, body in (
        (f"/api/v1/tickets/{number}/deadline", {"due": words, "reason": words}),
        (f"/api/v1/tickets/{number}/deadline", {"due": "2099-01-01T00:00:00Z", "reason": words}),
        (f"/api/v1/tickets/{number}/holder", {"holder": "third_party", "reason": words}),
        (f"/api/v1/tickets/{number}/messages", {"text": words, "kind": "note"}),
        ("/api/v1/tickets", {"what": words, "name": words, "email": "a@b.example", "phone": "+79005550144"}),
        ("/api/v1/tickets", {"what": "x", words: words}),
    ):
        db.session.rollback()
        answer = client.post(path, data=json.dumps(body), content_type="application/json", headers=headers)
        assert answer.status_code < 500, path
        assert answer.status_code != 404, path
