"""The fast road into each database: one big transaction a batch, executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from app.demo.bulk.tables import COLUMNS, Batch


class Writer(Protocol):
    """Writes what ``make`` puts into a batch, all of it or nothing."""

    def write(self, make: Callable[[Batch], None]) -> None: ...

    def finish(self) -> None: ...


@contextmanager
def writer_for(engine: Engine) -> Iterator[Writer]:
    """A writer with a connection of its own."""
    if engine.dialect.name == "sqlite":
        file = sqlite3.connect(str(engine.url.database), isolation_level=None, timeout=60)
        try:
            yield SQLiteWriter(file)
        finally:
            file.close()
        return
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as server:
        yield PostgresWriter(server)


class SQLiteWriter:
    """Foreign keys are not looked up row by row: every one of them points into the same batch or to the firm."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        for pragma in ("foreign_keys=OFF", "synchronous=NORMAL", "cache_size=-200000"):
            file.execute(f"PRAGMA {pragma}")

    def write(self, make: Callable[[Batch], None]) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            batch = Batch({table: self._next_id(table) for table in COLUMNS})
            make(batch)
            for table, columns in COLUMNS.items():
                names = ", ".join(f'"{column}"' for column in columns)
                marks = ", ".join("?" * len(columns))
                self._file.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", batch.rows[table])  # noqa: S608
            self._file.execute("COMMIT")
        except BaseException:
            self._file.execute("ROLLBACK")
            raise

    def finish(self) -> None:
        self._file.execute("ANALYZE")
        self._file.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _next_id(self, table: str) -> int:
        last: int | None = self._file.execute(f"SELECT max(id) FROM {table}").fetchone()[0]  # noqa: S608
        return (last or 0) + 1


class PostgresWriter:
    """Tables are locked against other writers for a batch, so that ids in a row are free."""

    def __init__(self, server: psycopg.Connection) -> None:
        self._server = server
        server.execute("SET TIME ZONE 'UTC'")

    def write(self, make: Callable[[Batch], None]) -> None:
        tables = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
        with self._server.transaction():
            self._server.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(tables))
            batch = Batch({table: self._next_id(table) for table in COLUMNS})
            make(batch)
            for table, columns in COLUMNS.items():
                names = sql.SQL(", ").join(map(sql.Identifier, columns))
                command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
                with self._server.cursor() as cursor, cursor.copy(command) as copy:
                    for row in batch.rows[table]:
                        copy.write_row(row)
                self._server.execute("SELECT setval(%s, %s)", [f"{table}_id_seq", batch.next_ids[table]])

    def finish(self) -> None:
        self._server.execute("VACUUM ANALYZE")

    def _next_id(self, table: str) -> int:
        query = sql.SQL("SELECT greatest((SELECT last_value FROM {}), coalesce((SELECT max(id) FROM {}), 0)) + 1")
        found = self._server.execute(query.format(sql.Identifier(f"{table}_id_seq"), sql.Identifier(table))).fetchone()
        assert found is not None
        return int(found[0])
