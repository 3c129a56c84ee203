"""A hundred chats at once for a minute: nothing lost, Telegram's limits kept, and how soon the bot answers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from app import create_app, database
from app.config import read
from app.extensions import db
from app.models import Chat, Message
from app.models.chat import BotUpdate
from benches.databases import ROOT, Prepared
from benches.desk import running

CHATS = 100
AIM = 1000  # ms, p95 of an answer


def measure(prepared: Prepared, *, seconds: float) -> list[dict[str, Any]]:
    """One row: acts, how soon they were answered, what went over the limits, and what was lost."""
    with _crowd(seconds) as crowd:
        settings = json.loads(_said(crowd))
        with running(prepared, **settings) as desk:
            begun = desk.all_cpu()
            _tell(crowd, "go")
            told: dict[str, Any] = json.loads(_said(crowd))
            spent = desk.all_cpu() - begun
            lost = _lost(desk.prepared, told.pop("marks")) + told["unanswered"]
    cpu = spent * 1000 / max(1, told["acts"])
    return [{"database": prepared.kind, "size": prepared.size, "chats": CHATS, **told, "lost": lost, "cpu": cpu}]


def table(rows: list[dict[str, Any]]) -> list[str]:
    names = ("acts", "answered", "requests", "messages", "busiest", "exceeded", "refused", "lost")
    head = "".join(f"{name:>10}" for name in names)
    return [
        f"{'database':9}{'requests':>9}{head}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU ms':>8}{'aim':>6}",
        *(
            f"{row['database']:9}{row['size']:>9}"
            + "".join(f"{row[name]:>10}" for name in names)
            + f"{row['p50']:>9.0f}{row['p95']:>9.0f}{row['p99']:>9.0f}{row['cpu']:>8.1f}{AIM:>6}"
            for row in rows
        ),
    ]


@contextmanager
def _crowd(seconds: float) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benches.chatters"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        _tell(process, json.dumps({"chats": CHATS, "seconds": seconds}))
        yield process
    finally:
        process.kill()
        process.wait(10)


def _tell(crowd: subprocess.Popen[str], line: str) -> None:
    assert crowd.stdin
    crowd.stdin.write(line + "\n")
    crowd.stdin.flush()


def _said(crowd: subprocess.Popen[str]) -> str:
    assert crowd.stdout
    return crowd.stdout.readline() or sys.exit("the crowd went home; its own words stand above")


def _lost(prepared: Prepared, marks: list[str]) -> int:
    """Troubles that are in no request and in no draft, updates that nobody brought to an end."""
    app = create_app(read(prepared.environment))
    with app.app_context(), database.reading():
        said = set(" ".join(db.session.scalars(select(Message.text).where(Message.text.contains("метка")))).split())
        drafts = db.session.scalars(select(Chat.draft).where(Chat.drafted_at.is_not(None)))
        said |= set(" ".join(str(draft.get("text", "")) for draft in drafts).split())
        undone = select(func.count()).where(BotUpdate.work_at.is_not(None) | (BotUpdate.outcome == "failed"))
        count = db.session.scalar(undone) or 0
        db.session.rollback()
        db.engine.dispose()
    return sum(mark not in said for mark in marks) + count
