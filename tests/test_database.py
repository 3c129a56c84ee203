"""Connections to PostgreSQL: one that the server has ended while it lay idle is replaced before anybody notices."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app import database
from app.extensions import db


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_connection_that_died_idle_is_replaced(
    app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_IDLE", 0.0)
    pid = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.remove()
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert db.session.scalar(text("SELECT pg_backend_pid()")) != pid
    db.session.remove()
