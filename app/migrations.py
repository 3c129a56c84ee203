"""The database's revisions. Bound to the application only where they are run: alembic weighs 12 MB in every process."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
REVISION = re.compile(r"^(revision|down_revision)\b[^=\n]*= *[\"']([^\"']+)[\"']", re.MULTILINE)


def bind(app: Flask) -> None:
    """Let `flask db` and ``upgrade()`` work on this application."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(FOLDER), render_as_batch=True)


def upgrade(app: Flask) -> None:
    """Bring the database to the newest revision."""
    import flask_migrate

    bind(app)
    with app.app_context():
        flask_migrate.upgrade()


def newest() -> str:
    """The newest revision that this code knows."""
    found: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in (FOLDER / "versions").glob("*.py"):
        for kind, revision in REVISION.findall(path.read_text(encoding="utf-8")):
            found[kind].add(revision)
    (head,) = found["revision"] - found["down_revision"]
    return head


def current() -> str | None:
    """The revision of the database; None while there is none."""
    try:
        with db.engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        return None
