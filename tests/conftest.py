"""What every test may ask for: an application on either database, a moving clock, and the cast."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from xdist.scheduler import LoadGroupScheduling

from app import clock, create_app, database
from app.config import read
from app.extensions import db
from tests import servers, warm
from tests.chromium import running_chromium
from tests.reused import Reused

# A shared machine is slow at times; what is measured stands in the benchmarks. bin/check --long takes the long one.
hypothesis.settings.register_profile("short", deadline=None, print_blob=True)
hypothesis.settings.register_profile("long", deadline=None, print_blob=True, max_examples=2000)
hypothesis.settings.load_profile("short")

warm.share()
COMPILED = warm.Templates()
DATABASES = ("sqlite", "postgres")

MEMORY, ROOM = Path("/dev/shm"), 4 << 30
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = str(MEMORY)  # what is killed are processes, never the machine: no test needs a disk
    tempfile.tempdir = None


# The desks that tests start, a hundred processes and more, find their modules compiled.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


class _OneDeskAtATime(LoadGroupScheduling):  # type: ignore[misc]  # has no types
    """Tests of a file that names the group of processes go to one test process, first; the others as they come."""

    def _split_scope(self, nodeid: str) -> str:
        return "processes" if _starts_desks(nodeid.partition("::")[0]) else nodeid


@cache
def _starts_desks(name: str) -> bool:
    return 'xdist_group("processes")' in (Path(__file__).parent.parent / name).read_text(encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadGroupScheduling | None:
    """pytest 9.2 no longer tells pytest-xdist 3.8 of a test's group in its id."""
    return _OneDeskAtATime(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: the one that has the desks mostly waits for them."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test talks to the outside."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def own_clock() -> Iterator[None]:
    """Each test starts at the machine's time."""
    clock.reset()
    yield
    clock.reset()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.running_valkey(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    servers.migrate(f"sqlite:///{folder}/template.sqlite3", folder)
    return folder / "template.sqlite3"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with servers.running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute('CREATE DATABASE "template_desk"')
    servers.migrate(servers.named(postgres_url, "template_desk"), tmp_path_factory.mktemp("postgres"))
    return "template_desk"


@pytest.fixture(scope="session")
def reused_postgres(postgres_url: str, postgres_template: str) -> Iterator[Reused]:
    reused = Reused(postgres_url, postgres_template)
    yield reused
    reused.drop()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        target = tmp_path / "helpdesk.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), target)
        yield f"sqlite:///{target}"
        return
    with request.getfixturevalue("reused_postgres").lent() as url:
        yield url


def _forget_viewer() -> None:
    """Requests of a test share the pushed context's g, where Flask-Login keeps whom it found."""
    g.pop("_login_user", None)


def _end_reading(_error: BaseException | None) -> None:
    """And its session, which a GET leaves in a transaction that only reads."""
    db.session.rollback()
    database.set_reading(False)


@pytest.fixture
def make_app(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Applications on this test's database; keyword arguments are settings (``UNDO_SEND="0s"``)."""
    made: list[Flask] = []

    def make(**more: str) -> Flask:
        settings = read(servers.environment(tmp_path, **{"DATABASE_URL": database_url, "REDIS_URL": redis_url, **more}))
        app = create_app(settings)
        warm.settle()
        app.testing = True
        app.jinja_env.bytecode_cache = COMPILED
        app.before_request_funcs.setdefault(None, []).insert(0, _forget_viewer)
        app.teardown_request(_end_reading)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application, with its context pushed."""
    app = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
