"""Killed between any two steps, erasing is gone on with, and what was left on the disk goes within a day."""

from __future__ import annotations

import fcntl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import files, outbox, store_watch
from app.actor import SYSTEM
from app.clock import now
from app.extensions import db
from app.models import Erasure, Person, Ticket
from app.person_data import erasing, exports, jobs
from tests.intake.test_killed import command
from tests.person_data import marked


def test_killed_while_erasing(app: Flask):
    marked.written("касса", "касса")
    marked.close_all()
    db.session.rollback()
    erase = ("-m", "flask", "--app", "wsgi", "person", "erase", marked.EMAIL, "--yes")
    assert command(app, *erase, failpoint="person half erased") == 137
    assert read(Person.name) == ["", *read(Person.name)[1:]]  # the card is gone, the request is whole
    assert read(Ticket.title) == ["Канарейка касса"]
    assert command(app, *erase, failpoint="person files left") == 137
    assert read(Ticket.title) == ["Данные стёрты"]
    assert [place for place in marked.found_anywhere() if not place.startswith(("erasures", "/", "letters"))] == []
    assert jobs.run() == 1
    assert read(Erasure.whose) == [{}]
    for folder in files.folders():
        store_watch.look(folder, now() + timedelta(days=2))
    assert marked.found_anywhere() == []


def test_killed_while_exporting(app: Flask, tmp_path: Path):
    """What is left goes with the next run; what another run is writing stays."""
    marked.olga()
    db.session.rollback()
    export = ("-m", "flask", "--app", "wsgi", "person", "export", marked.EMAIL, "--to", str(tmp_path))
    assert command(app, *export, failpoint="person half exported") == 137
    (half,) = tmp_path.glob("person-*.part")
    other = half.with_name(half.name.replace(".zip.", ".zip.0"))
    with other.open("wb") as written:
        fcntl.flock(written, fcntl.LOCK_EX)
        assert command(app, *export) == 0
    assert [half.exists(), other.exists()] == [False, True]
    assert len(list(tmp_path.glob("person-*.zip"))) == 1


def test_a_copy_that_the_disk_will_not_let_go_of_holds_up_nobody(app: Flask):
    olga = marked.olga()
    with outbox.transaction():
        begun_id = erasing.begin(olga, SYSTEM, now(), is_with_open=True).id
    exports.path(begun_id).mkdir(parents=True)
    with pytest.raises(OSError, match="zip"):
        jobs.run()
    assert db.session.get_one(Erasure, begun_id).ended_at is not None


def read(column: Any) -> list[Any]:
    found = list(db.session.scalars(select(column)))
    db.session.rollback()
    return found
