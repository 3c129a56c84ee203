"""One process at a time asks for updates and sends: two with one token would take them from each other (409)."""

from __future__ import annotations

import fcntl
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app import signing
from app.config import settings
from app.extensions import db

_FILE = "telegram.lock"


class Sole:
    """A lock that ends with its process: the database's own on PostgreSQL, a file's beside SQLite."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._file: IO[bytes] | None = None

    def is_mine(self) -> bool:
        """Take the lock if it is free; whether it is ours now."""
        return self._has_file() if settings().is_sqlite else self._has_database()

    def give_up(self) -> None:
        """Let others."""
        if self._file:
            self._file.close()
            self._file = None
        if self._connection:
            self._connection.invalidate()  # back in the pool it would keep the lock
            self._connection.close()
            self._connection = None

    def _has_file(self) -> bool:
        if self._file is None:
            file = (settings().data_dir / _FILE).open("ab")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                return False
            self._file = file
        return True

    def _has_database(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                self._connection.rollback()
                return True
            connection = db.engine.connect()
            is_free = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _key()}).scalar()
            connection.rollback()
        except SQLAlchemyError:
            self.give_up()  # the server went away, and the lock with it
            raise
        if not is_free:
            connection.close()
            return False
        self._connection = connection
        return True


def _key() -> int:
    return int.from_bytes(signing.sign("telegram lock", settings().telegram_bot_token)[:8], signed=True)
