"""How SQLite and PostgreSQL are opened, so that both keep what was committed and refuse a lost update."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError

_reading: ContextVar[bool] = ContextVar("reading", default=False)
WAIT = 10  # seconds for SQLite's one writer
_STEP = 0.001  # seconds between two looks at it
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={WAIT * 1000}",
    "cache_size=-4000",
    "mmap_size=268435456",
    "temp_store=MEMORY",
)
_IDLE, _IDLE_SINCE = 1.0, "idle since"  # seconds
_LOCK_TIMEOUT = f"{WAIT}s"  # PostgreSQL's wait is as long: then a form gets its 503 and a mail server its 75


def set_reading(is_reading: bool) -> None:
    """Say whether what runs now only reads: then it need not queue behind SQLite's one writer."""
    _reading.set(is_reading)


def is_reading() -> bool:
    """Whether what runs now only reads; what writes locks the rows that it decides by."""
    return _reading.get()


@contextmanager
def reading() -> Iterator[None]:
    """A block whose transactions only read."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def prepare(engine: Engine) -> None:
    """Hook an engine's connections; call once per engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    else:
        event.listen(engine, "connect", _on_postgres_connect)
        event.listen(engine, "checkin", _on_checkin)
        event.listen(engine, "checkout", partial(_on_checkout, engine))


def _on_checkin(_connection: DBAPIConnection, record: Any) -> None:
    record.info[_IDLE_SINCE] = time.monotonic()


def _on_checkout(engine: Engine, connection: DBAPIConnection, record: Any, _proxy: Any) -> None:
    """Ask a connection that lay idle whether its server still lives; on a busy desk few do."""
    since = record.info.get(_IDLE_SINCE)
    if since is None or time.monotonic() - since < _IDLE:  # opened or used just now
        return
    try:
        engine.dialect.do_ping(connection)
    except Exception as error:
        raise DisconnectionError("the server is gone") from error


def _on_sqlite_connect(connection: DBAPIConnection, _record: Any) -> None:
    # The driver's own transaction handling loses updates silently; we begin transactions ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    if _reading.get():
        connection.exec_driver_sql("BEGIN")
        return
    # A deferred transaction that reads and then writes fails with "locked" under WAL; writers say so at once.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not _has_begun_writing(driver):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # once more, to fail with an error that all know
    finally:
        driver.execute(f"PRAGMA busy_timeout={WAIT * 1000}")


def _has_begun_writing(driver: Any) -> bool:
    """Look every millisecond whether SQLite's one writer is done; False when not within WAIT seconds.

    SQLite's own wait grows to 100 ms between two looks: whoever comes late starves, and nobody writes meanwhile.
    """
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return False
            time.sleep(_STEP)
        else:
            return True
    return False


def _on_postgres_connect(connection: DBAPIConnection, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")
    cursor.close()
    connection.commit()  # a setting made in a transaction that is rolled back would go with it
