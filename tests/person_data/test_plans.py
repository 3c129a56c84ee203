"""What is asked of the large tables goes by an index, on both databases: no cost depends on how large they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, text

from app.clock import now
from app.extensions import db
from app.person_data import exporting, whose
from app.person_data.preview import preview
from tests.person_data import marked
from tests.person_data.test_erase import erase

LARGE = (
    "tickets", "messages", "attachments", "events", "letters", "deliveries", "promises", "holdings", "ratings",
    "bot_messages", "bot_updates", "search_documents", "chat_tickets", "escalations", "pages", "client_changes",
)  # fmt: skip


@contextmanager
def asking() -> Iterator[list[tuple[str, Any]]]:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, is_many: bool) -> None:
        if statement.lstrip().split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE", "WITH"} and not is_many:
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def walks(asked: list[tuple[str, Any]]) -> list[str]:
    """Statements of which a plan walks through the whole of a large table."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    large = "|".join(LARGE)
    walk = re.compile(rf"SCAN (?:{large})\b(?! USING INTEGER)" if is_sqlite else rf"Seq Scan on (?:{large})\b")
    found = []
    with db.engine.connect() as connection:
        if not is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        cursor: Any = connection.connection.cursor()
        for statement, parameters in dict(asked).items():
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", parameters)
            plan = "\n".join(str(line[-1]) for line in cursor.fetchall())
            if walk.search(plan):
                found.append(f"{statement}\n{plan}")
    return found


def test_no_large_table_is_walked_through(app: Flask, tmp_path: Path):
    marked.whole_life()
    person = marked.olga()
    with asking() as asked:
        own = whose.of(person)
        preview(own, None)
        exporting.write(own, tmp_path / "all.zip", now(), None, lambda _done: None)
        erase(marked.olga())
    db.session.rollback()
    assert len(asked) > 60
    assert "\n\n".join(walks(asked)) == ""
