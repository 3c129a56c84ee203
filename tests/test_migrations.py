"""The database is where the code is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app import create_app, migrations
from app.config import read
from app.extensions import db
from app.models import (
    Complaint,
    ComplaintEntry,
    Delivery,
    DeliveryState,
    EscalationAct,
    Handling,
    Person,
    Rating,
    Ticket,
)
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


ANOTHER = """
from alembic import op
revision, down_revision = "another", "{newest}"


def upgrade():
    {act}
"""


@contextmanager
def first_desk(database: str, folder: Path) -> Iterator[None]:
    """A desk of the first version, with a person, a request, a letter and a notice that refer to each other."""
    app = create_app(read(servers.environment(folder, DATABASE_URL=database)))
    migrations.bind(app)
    with app.app_context():
        flask_migrate.upgrade(revision="0001")
        with db.engine.begin() as connection:
            for statement in FIRST.split(";\n")[:-1]:
                connection.exec_driver_sql(statement)
        yield
        db.session.remove()
        db.engine.dispose()


def test_a_desk_of_the_first_version_comes_along(empty_database: str, tmp_path: Path) -> None:
    with first_desk(empty_database, tmp_path):
        flask_migrate.upgrade()
        assert migrations.current() == migrations.newest()
        ticket = db.session.scalars(select(Ticket).options(joinedload(Ticket.person))).one()
        assert ticket.person is not None
        assert (ticket.number, ticket.person.name, ticket.person.is_contact) == ("482173", "Ольга", False)
        assert db.session.scalars(select(Delivery.recipient)).one() == "o@neva.example"


COMPLAINTS_OF_BEFORE = """
INSERT INTO escalations (id, ticket_id, cause, subject, text, opened_at, acknowledged_at, note, resolved_at, resolution)
    VALUES (1, 1, 'complaint', '', 'Никто не звонит', '2026-11-25 11:00:00.000000', '2026-11-25 11:05:00.000000',
        'Звоню', NULL, ''), (2, 1, 'low_rating', '', '', '2026-11-25 12:00:00.000000', NULL, '',
        '2026-11-25 13:00:00.000000', 'Извинились'),
        (3, 1, 'missed', '', '', '2026-11-25 12:00:00.000000', NULL, '', NULL, '');
INSERT INTO ratings (id, ticket_id, solution_id, value, comment, channel, at)
    VALUES (1, 1, 1, 2, 'Долго', 'web', '2026-11-25 12:00:00.000000'),
        (2, 1, 1, 4, '', 'web', '2026-11-25 12:30:00.000000');
"""


def test_complaints_that_were_escalations_become_cases(empty_database: str, tmp_path: Path) -> None:
    """With what was said, noted and decided; of two ratings of one solution the last counts."""
    with first_desk(empty_database, tmp_path):
        with db.engine.begin() as connection:
            for statement in COMPLAINTS_OF_BEFORE.split(";\n")[:-1]:
                connection.exec_driver_sql(statement)
        flask_migrate.upgrade()
        first, second = db.session.scalars(select(Complaint).order_by(Complaint.id))
        assert (first.origin, first.state, first.email, first.escalation_id) == (
            "customer",
            "open",
            "o@neva.example",
            1,
        )
        assert (second.origin, second.state, second.due_at - second.opened_at) == (
            "rating",
            "closed",
            timedelta(days=1),
        )
        entries = select(ComplaintEntry.complaint_id, ComplaintEntry.kind, ComplaintEntry.text)
        assert {tuple(one) for one in db.session.execute(entries)} == {
            (1, "said", "Никто не звонит"),
            (1, "noted", "Звоню"),
            (2, "said", ""),
            (2, "closed", "Извинились"),
        }
        ratings = db.session.scalars(select(Rating).order_by(Rating.id)).all()
        assert [(one.superseded_at is None, one.complaint_id) for one in ratings] == [(False, 2), (True, None)]


ACTS_OF_BEFORE = """
INSERT INTO escalations (id, ticket_id, cause, subject, text, opened_at, note, resolution)
    VALUES (1, 1, 'missed', '', '', '2026-11-25 12:00:00.000000', '', '');
INSERT INTO escalation_acts (id, escalation_id, kind, at, text)
    VALUES (1, 1, 'acknowledged', '2026-11-25 12:05:00.000000', ''),
        (2, 1, 'returned', '2026-11-25 12:10:00.000000', '');
UPDATE deliveries SET notice = 'complained', state = 'waiting';
"""


def test_what_was_put_back_is_called_so_and_no_letter_waits_that_cannot_be_written(
    empty_database: str, tmp_path: Path
) -> None:
    with first_desk(empty_database, tmp_path):
        flask_migrate.upgrade(revision="0031")
        with db.engine.begin() as connection:
            for statement in ACTS_OF_BEFORE.split(";\n")[:-1]:
                connection.exec_driver_sql(statement)
        flask_migrate.upgrade()
        acts = db.session.scalars(select(EscalationAct.kind).order_by(EscalationAct.id)).all()
        assert acts == [Handling.ACKNOWLEDGED, Handling.PUT_BACK]
        assert db.session.scalars(select(Delivery.state)).one() is DeliveryState.FAILED
        assert db.session.scalars(select(Ticket.title)).one() == "Касса"
        db.session.rollback()
        flask_migrate.downgrade(revision="0031")
        assert migrations.current() == "0031"


def test_a_table_that_others_refer_to_can_be_made_anew(tmp_path: Path) -> None:
    """As only SQLite needs it."""
    with first_desk(f"sqlite:///{tmp_path}/empty.sqlite3", tmp_path):
        another(tmp_path, 'with op.batch_alter_table("people", recreate="always"): pass')
        assert migrations.current() == "another"
        assert db.session.scalars(select(Person.name)).one() == "Ольга"


def test_a_migration_that_leaves_orphans_says_so(empty_database: str, tmp_path: Path) -> None:
    with first_desk(empty_database, tmp_path), pytest.raises((SystemExit, IntegrityError)):
        another(tmp_path, 'op.execute("DELETE FROM people")')


def another(folder: Path, act: str) -> None:
    """Upgrade to the newest revision and to one more, which does this."""
    copied = shutil.copytree(migrations.FOLDER, folder / "migrations")
    (folder / "app").symlink_to(migrations.FOLDER.parent / "app")  # whose plain data some of them read
    text = ANOTHER.format(newest=migrations.newest(), act=act)
    (copied / "versions" / "another.py").write_text(text, encoding="utf-8")
    flask_migrate.upgrade(directory=str(copied))
