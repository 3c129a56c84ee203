"""Alembic's way into the application: one connection, one transaction a migration, the same on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Column, Connection

from app.models.columns import UTCDateTime


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations must stand without the application's own types."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def compare_type(
    _context: Any, _inspected: Column[Any], _meta: Column[Any], inspected_type: Any, meta_type: Any
) -> bool | None:
    """SQLite has no spans of time and no zones: what it reports of those two is no change."""
    if isinstance(meta_type, UTCDateTime):
        return False
    return None


def include_object(_object: Any, name: str | None, kind: str, _is_reflected: bool, _compared: Any) -> bool:
    """The words' indexes stand in their migration alone: what FTS5 keeps beside its own, and an expression's."""
    return not (name or "").startswith(("search_index", "ix_search_documents_words", "ix_search_words_begun"))


@contextmanager
def rows_may_be_moved(connection: Connection) -> Iterator[None]:
    """SQLite changes some tables by making them anew; while the old one goes, nothing may be taken for its orphan."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection  # a PRAGMA inside of a transaction would do nothing
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        orphans = driver.execute("PRAGMA foreign_key_check").fetchmany(5)
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    if orphans:
        raise RuntimeError(f"the migration left rows that refer to nothing (table, row, to): {orphans}")


extension = current_app.extensions["migrate"]
with extension.db.engine.connect() as connection, rows_may_be_moved(connection):
    options = {**extension.configure_args, "compare_type": compare_type, "include_object": include_object}
    context.configure(
        connection=connection,
        target_metadata=extension.db.metadata,
        render_item=render_item,
        transaction_per_migration=True,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()
