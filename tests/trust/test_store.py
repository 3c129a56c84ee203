"""Files and rows are kept together, wherever the power fails, and who loses one is told."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from app import alarms, clock, files, outbox, store_watch
from app.config import CONFIG_KEY, settings
from app.extensions import db
from app.intake import letters
from app.models import Attachment, Chat, Escalation, Sweep
from tests import forked, servers
from tests.cast import request_of_carol
from tests.intake.mailing import MAILBOX

pytestmark = pytest.mark.timeout(180)  # real processes, on a machine that others use too

A_DAY = timedelta(days=1, minutes=1)
FILER = "from wsgi import app\nfrom app.intake import letters\nwith app.app_context(): letters.file_received()"
POSTER = """
import io
from app import create_app
from tests.cast import FORM
client = create_app().test_client()
import re
hidden = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"', client.get("/").text))
answer = client.post("/", data={**FORM, **hidden, "files": (io.BytesIO(b"a picture of the till"), "till.png")})
print(answer.status_code)
"""
LETTER = (
    f"From: carol@neva-trade.example\r\nTo: {MAILBOX}\r\nSubject: Till\r\nMessage-ID: <1@neva>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee below.\r\n"
    "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=till.bin\r\n\r\n"
    "bytes of the till\r\n--b--\r\n"
).encode()


def run(app: Flask, script: str, failpoint: str) -> int:
    """A process of the desk that dies at the place named; its exit status."""
    own = app.config[CONFIG_KEY]
    environment = servers.environment(own.data_dir, DATABASE_URL=own.database_url, REDIS_URL=own.redis_url)
    return forked.run(script, {**environment, "PATH": os.environ["PATH"], "HELPDESK_FAILPOINT": failpoint}).returncode


def stored() -> list[Path]:
    return [path for path in settings().files_dir.rglob("*") if path.is_file()]


def look_everywhere() -> int:
    return sum(store_watch.look(folder, clock.now()) for folder in files.folders())


def attachments() -> list[Attachment]:
    found = list(db.session.scalars(select(Attachment)))
    db.session.rollback()
    return found


@pytest.mark.trust("R29")
@pytest.mark.trust("R2")
@pytest.mark.parametrize("road", ["form", "letter"])
def test_a_death_between_file_and_row_leaves_nothing_for_long(app: Flask, road: str) -> None:
    if road == "form":
        assert run(app, POSTER, "before commit") == 137
    else:
        letters.store(LETTER, "pipe")
        assert run(app, FILER, "letter files kept") == 137
    assert len(stored()) == 1
    assert attachments() == []
    assert look_everywhere() == 0, "it might be somebody's who is about to commit"
    if road == "form":
        assert run(app, POSTER, "") == 0
    else:
        clock.shift(letters.LEASE + timedelta(seconds=1))
        letters.file_received()
    assert len(stored()) == 2
    clock.shift(A_DAY)
    assert look_everywhere() == 1
    [kept] = attachments()
    assert stored() == [files.path(kept.storage_id)]


@pytest.mark.trust("R29")
def test_half_a_file_goes_after_a_day(app: Flask) -> None:
    half = settings().files_dir / "ab" / f"{'ab' * 16}.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    assert look_everywhere() == 0
    clock.shift(A_DAY)
    assert look_everywhere() == 1
    assert stored() == []


@pytest.mark.trust("R29")
def test_a_lost_file_is_reported_once(app: Flask) -> None:
    ticket = request_of_carol(files=[files.keep(io.BytesIO(b"bytes"), "till.png")])
    [kept] = attachments()
    assert look_everywhere() == 0
    assert db.session.scalars(select(Escalation.subject)).all() == []
    files.path(kept.storage_id).unlink()
    look_everywhere()
    look_everywhere()
    [escalation] = db.session.scalars(select(Escalation).where(Escalation.subject == store_watch.NAME))
    assert "till.png" in escalation.text
    assert ticket.number in escalation.text
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert "1 files of requests are gone" in done.output


@pytest.mark.trust("R29")
def test_a_draft_that_is_registered_while_the_store_is_looked_at_keeps_its_files(app: Flask) -> None:
    request_of_carol(files=[files.keep(io.BytesIO(b"other"), "other.txt")])
    kept = files.keep(io.BytesIO(b"bytes"), "till.png")
    draft = {"files": [{"storage_id": kept.storage_id}]}
    db.session.add(Chat(id=7, draft=draft, registers_at=clock.now(), created_at=clock.now()))
    outbox.commit()
    clock.shift(A_DAY)
    looks: list[str] = []

    def register(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "draft" in statement or "storage_id" in statement:
            looks.append(statement)
        if len(looks) == 1:  # between the two looks at what is known
            looks.append("the draft's own")
            with db.engine.begin() as other:
                other.execute(update(Attachment).values(storage_id=kept.storage_id))
                other.execute(update(Chat).values(draft={}, registers_at=None))

    event.listen(db.engine, "after_cursor_execute", register)
    store_watch.look(kept.storage_id[:2], clock.now())
    event.remove(db.engine, "after_cursor_execute", register)
    assert files.path(kept.storage_id).is_file()


def half_files() -> None:
    """One in every folder of the store."""
    for folder in files.folders():
        (settings().files_dir / folder).mkdir(parents=True)
        (settings().files_dir / folder / f"{folder * 16}.part").write_bytes(b"half")


@pytest.mark.trust("R29")
def test_every_folder_has_its_turn_within_a_day(app: Flask) -> None:
    half_files()
    clock.shift(A_DAY)
    began = clock.now()
    store_watch.watch(clock.now())
    store_watch.watch(clock.now())
    assert len(stored()) == files.FOLDERS - 1
    while clock.now() < began + timedelta(days=1):
        clock.shift(timedelta(minutes=5))
        store_watch.watch(clock.now())
    assert stored() == []


@pytest.mark.trust("R22")
def test_after_a_jump_of_the_clock_new_files_do_not_count_as_old(app: Flask) -> None:
    alarms.sweep()
    half_files()
    clock.shift(timedelta(days=7))
    for _ in range(3):
        clock.shift(timedelta(minutes=6))
        alarms.sweep()
    assert len(stored()) == files.FOLDERS


def test_the_sweep_looks_after_the_store(make_app: Callable[..., Flask]) -> None:
    with make_app().app_context():
        alarms.sweep()
        outbox.commit()
        assert db.session.get(Sweep, store_watch.NAME) is not None
