"""Killed between any two steps, erasing is gone on with, and what was left on the disk goes within a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import files, store_watch
from app.clock import now
from app.extensions import db
from app.models import Erasure, Person, Ticket
from app.person_data import jobs
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


def read(column: Any) -> list[Any]:
    found = list(db.session.scalars(select(column)))
    db.session.rollback()
    return found
