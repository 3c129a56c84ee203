"""One PostgreSQL database for test after test: emptied between them, which is ten times as fast as making another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests import servers

# What a test may have left: rows, used sequences, and, where it changed them, other tables than there were.
_SHAPE = """
SELECT md5(string_agg(concat_ws(' ', c.relname, a.attname, a.atttypid, a.attnotnull), ',' ORDER BY c.relname, a.attnum))
    || (SELECT count(*) FROM pg_index) || ' ' || (SELECT count(*) FROM pg_constraint)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""
_USED = """
SELECT format('%I', sequencename), last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_LEAVE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_BEGIN_ANEW = """
SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_LARGE = 1 << 18  # bytes
_SEED = "seed"  # the schema that keeps what the migrations themselves have written


class Reused:
    """The database of this test process; made anew where a test left it in another shape."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._made: Iterator[str] | None = None
        self._url = self._shape = ""
        self._tables: list[str] = []
        self._seeded: list[str] = []
        self._numbers: dict[str, int] = {}  # last ones of the sequences that the migrations have used

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Its URL, for one test."""
        if not self._url:
            self._make()
        try:
            yield self._url
        finally:
            if not self._is_emptied():
                self.drop()

    def drop(self) -> None:
        """Let it go; the next test gets another."""
        made, self._made, self._url = self._made, None, ""
        if made is not None:
            next(made, None)

    def _make(self) -> None:
        self._made = _kept(self._server, self._template)
        self._url = next(self._made)
        with psycopg.connect(self._url, autocommit=True) as connection:
            self._tables = [f'"{name}"' for (name,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]  # fmt: skip
            self._seeded = sorted(self._full(connection))
            connection.execute(f"CREATE SCHEMA {_SEED}")
            for table in self._seeded:
                connection.execute(f"CREATE TABLE {_SEED}.{table} AS TABLE public.{table}")
            self._numbers = dict(connection.execute(_USED).fetchall())
            self._shape = self._shape_of(connection)

    def _is_emptied(self) -> bool:
        try:
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute("SET lock_timeout = '5s'")
                connection.execute(_LEAVE)
                if self._shape_of(connection) != self._shape:
                    return False
                self._empty(connection)
        except psycopg.Error:
            return False
        return True

    def _empty(self, connection: psycopg.Connection) -> None:
        full = self._full(connection)
        if large := [table for table, is_large in full.items() if is_large]:
            connection.execute(f"TRUNCATE {', '.join(large)} CASCADE")
        connection.execute("SET session_replication_role = replica")  # whichever of them refers to another
        small = {*full, *self._seeded}.difference(large)
        connection.execute("; ".join(f"DELETE FROM {table}" for table in sorted(small)) or "SELECT 1")
        connection.execute(_BEGIN_ANEW)
        for sequence, number in self._numbers.items():
            connection.execute("SELECT setval(%s, %s)", [sequence, number])
        for table in self._seeded:
            connection.execute(f"INSERT INTO public.{table} SELECT * FROM {_SEED}.{table}")

    def _full(self, connection: psycopg.Connection) -> dict[str, bool]:
        """Tables with rows, and whether they are so large that to look at each row is not the fastest any more."""
        looks = (
            f"SELECT '{table}', pg_relation_size('{table}') > {_LARGE} WHERE EXISTS (SELECT 1 FROM {table})"
            for table in self._tables
        )
        return dict(connection.execute(" UNION ALL ".join(looks)).fetchall())

    @staticmethod
    def _shape_of(connection: psycopg.Connection) -> str:
        row = connection.execute(_SHAPE).fetchone()
        assert row
        return str(row[0])


def _kept(server: str, template: str) -> Iterator[str]:
    with servers.copied_postgres(server, template) as url:
        yield url
