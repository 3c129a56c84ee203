"""The database is where the code is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import create_app, migrations
from app.config import read
from app.extensions import db
from app.models import Delivery, Ticket
from tests import servers

FIRST = (Path(__file__).parent / "first_desk.sql").read_text(encoding="utf-8")


def test_a_migrated_database_has_the_newest_revision(app: Flask) -> None:
    assert migrations.current() == migrations.newest()


def test_an_empty_database_has_none(tmp_path: Path) -> None:
    app = create_app(read(servers.environment(tmp_path)))
    with app.app_context():
        assert migrations.current() is None
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
    else:
        with servers.copied_postgres(request.getfixturevalue("postgres_url"), "template0") as url:
            yield url


def test_a_desk_of_the_first_version_comes_along(empty_database: str, tmp_path: Path) -> None:
    """With a person, a request, a letter and a notice that refer to each other."""
    app = create_app(read(servers.environment(tmp_path, DATABASE_URL=empty_database)))
    migrations.bind(app)
    with app.app_context():
        flask_migrate.upgrade(revision="0001")
        with db.engine.begin() as connection:
            for statement in FIRST.split(";\n")[:-1]:
                connection.exec_driver_sql(statement)
        flask_migrate.upgrade()
        assert migrations.current() == migrations.newest()
        ticket = db.session.scalars(select(Ticket).options(joinedload(Ticket.person))).one()
        assert ticket.person is not None
        assert (ticket.number, ticket.person.name, ticket.person.is_contact) == ("482173", "Ольга", False)
        assert db.session.scalars(select(Delivery.recipient)).one() == "o@neva.example"
        db.session.remove()
        db.engine.dispose()
