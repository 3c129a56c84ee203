"""One consistent copy of the database in one file, and the way back, for SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from app.config import settings
from app.errors import HelpDeskError
from app.extensions import db

SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"


def name() -> str:
    """What the copy of this desk's database is called in an archive."""
    return SQLITE if settings().is_sqlite else POSTGRES


def take(target: Path) -> None:
    """Copy the running database as it is at one moment; nobody has to stop."""
    if settings().is_sqlite:
        with closing(sqlite3.connect(_sqlite_file())) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=2000)
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def put_back(source: Path) -> None:
    """Replace the database by a copy; nothing may use it meanwhile."""
    db.session.remove()
    db.engine.dispose()
    if settings().is_sqlite:
        with closing(sqlite3.connect(source)) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise HelpDeskError(f"The copy of the database is damaged: {found}.")
        target = _sqlite_file()
        target.parent.mkdir(parents=True, exist_ok=True)
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        shutil.move(source, target)
        return
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", str(source))


def _sqlite_file() -> Path:
    return Path(db.engine.url.database or "")


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise HelpDeskError(
            f"{program} is not installed here. Install PostgreSQL's client programs of the server's version "
            "(Debian: postgresql-client), or back the database up on its own server."
        )
    url = db.engine.url
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}  # others can read a command line
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    command = [program, *arguments, f"--dbname={address}"]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise HelpDeskError(f"{program} failed: {done.stderr.strip()[-500:]}")
