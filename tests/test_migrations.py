"""The database is where the code is."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from app import create_app, migrations
from app.config import read
from app.extensions import db
from tests import servers


def test_a_migrated_database_has_the_newest_revision(app: Flask) -> None:
    assert migrations.current() == migrations.newest()


def test_an_empty_database_has_none(tmp_path: Path) -> None:
    app = create_app(read(servers.environment(tmp_path)))
    with app.app_context():
        assert migrations.current() is None
        db.engine.dispose()
