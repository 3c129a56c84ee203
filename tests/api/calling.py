"""Calling the API as one role or another."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app import outbox, sessions
from app.clock import now
from app.extensions import db
from app.models.staff import Token
from app.models.words import Role

BASE = "/api/v1"


def key_of(role: Role, name: str = "") -> str:
    """A fresh token of a role."""
    key, key_hash = sessions.new_token_key()
    db.session.add(Token(name=name or f"{role.value} {key[-8:]}", role=role, key_hash=key_hash, created_at=now()))
    outbox.commit()
    return key


class Caller:
    """A program with a token, or without one."""

    def __init__(self, app: Flask, role: Role | None = Role.ADMIN) -> None:
        self._client = app.test_client()
        self.headers = {"Authorization": f"Bearer {key_of(role)}"} if role else {}

    def __call__(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        address = path if path.startswith(("/api", "/files", "http")) else BASE + path
        return self._client.open(address, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self("POST", path, **({"json": body} if body is not None else {}), **more)


def registered(call: Caller, **fields: Any) -> dict[str, Any]:
    """A request made through the API."""
    body = {"what": "Касса не печатает чек", "name": "Ольга", "email": "carol@neva-trade.example", **fields}
    response = call.post("/tickets", body)
    assert response.status_code == 201, response.get_json()
    found = response.get_json()
    assert isinstance(found, dict)
    return found
