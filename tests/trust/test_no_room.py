"""The disk is full, or PostgreSQL goes away in the middle: a clear refusal, nothing by halves, and back by itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models import Event, Message, Ticket
from tests import servers
from tests.cast import FORM
from tests.processes.desk import ROOT
from tests.servers import UNLIMITED
from tests.trust.disk import Limited, Mounted, small_disk

pytestmark = pytest.mark.timeout(120)

TEXT = FORM["what"]
VISITOR = """
import io, re, sys
from app import create_app
from tests.cast import FORM
client = create_app().test_client()
hidden = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"', client.get("/").text))
files = {"files": (io.BytesIO(b"x" * 3_000_000), "till.bin")} if "file" in sys.argv else {}
answer = client.post("/", data={**FORM, **hidden, **files})
page = client.get(answer.headers["Location"]).text if answer.status_code == 303 else answer.text
print(answer.status_code, FORM["what"] in page, "Traceback" in page)
"""


def visit(disk: Mounted | Limited, database_url: str, *words: str) -> list[str]:
    """A visitor of a desk on that disk sends the form: status, whether the page has the words, and a trace."""
    settings = servers.environment(disk.folder, DATABASE_URL=database_url, REDIS_URL="unix:///nowhere/redis.sock")
    done = subprocess.run(
        disk.command(sys.executable, "-c", VISITOR, *words),
        env={**os.environ, **settings, **UNLIMITED, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.trust("R28")
def test_a_full_disk_refuses_clearly_and_recovers_alone(sqlite_template: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=16) as disk:
        disk.put(sqlite_template, "helpdesk.sqlite3")
        url = f"sqlite:///{disk.folder}/helpdesk.sqlite3"
        assert visit(disk, url) == ["303", "True", "False"]
        disk.fill()
        assert visit(disk, url, "file") == ["503", "True", "False"]
        disk.free()
        assert visit(disk, url, "file") == ["303", "True", "False"]
        kept = [name for name in disk.names() if "/files/" in name]
        assert len(kept) == 1, "no half file"


@pytest.mark.trust("R28")
def test_no_room_for_files_refuses_clearly_on_either_database(database_url: str, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=16) as disk:
        disk.fill()
        assert visit(disk, database_url, "file") == ["503", "True", "False"]
        assert [name for name in disk.names() if "/files/" in name and not name.endswith("ballast")] == []
        assert visit(disk, database_url) == ["303", "True", "False"], "without a file there is room"
        disk.free()
        assert visit(disk, database_url, "file") == ["303", "True", "False"]


@pytest.mark.trust("R31")
def test_postgresql_may_restart_at_any_time(
    make_app: Callable[..., Flask], database_url: str, postgres_url: str
) -> None:
    if database_url.startswith("sqlite"):
        return  # a file does not restart
    app = make_app(**UNLIMITED)
    name = database_url.partition("?")[0].rpartition("/")[2]
    is_over = threading.Event()

    def cut() -> None:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            while not is_over.wait(0.15):
                connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    restarts = threading.Thread(target=cut)
    restarts.start()
    statuses = []
    client = app.test_client()
    try:
        for number in range(30):
            fields = {**FORM, "what": f"Касса {number}"}
            status = 503
            while status == 503:  # as the page asks: the same form again
                page = client.get("/")
                hidden = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"', page.text))
                status = client.post("/", data={**fields, **hidden, "form_key": f"key {number}"}).status_code
                statuses.append(status)
    finally:
        is_over.set()
        restarts.join(10)
    assert set(statuses) <= {303, 503}
    with app.app_context():
        db.engine.dispose()  # the last cut may have met what lies in the pool
        counts = [db.session.scalar(select(func.count()).select_from(noun)) for noun in (Ticket, Message, Event)]
    assert counts == [30, 30, 30]
