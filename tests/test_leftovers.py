"""Uploads that were never sent go after a day, with their bytes; those that were sent stay."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, files, leftovers, outbox
from app.extensions import db
from app.models import Attachment, Upload


def keep(name: str) -> files.StoredFile:
    stored = files.keep(io.BytesIO(name.encode()), name)
    db.session.add(
        Upload(
            id=stored.storage_id,
            session_key="one browser",
            name=stored.name,
            type=stored.type,
            size=stored.size,
            sha256=stored.sha256,
            storage_id=stored.storage_id,
            created_at=clock.now(),
        )
    )
    outbox.commit()
    return stored


@pytest.mark.trust("R29")
def test_what_was_never_sent_goes_after_a_day(app: Flask):
    old = keep("old.txt")
    clock.shift(timedelta(hours=25))
    fresh = keep("fresh.txt")
    assert leftovers.sweep() == 1
    assert not files.path(old.storage_id).exists()
    assert files.path(fresh.storage_id).exists()
    assert [one.name for one in db.session.scalars(select(Upload))] == ["fresh.txt"]
    assert leftovers.sweep() == 0


def test_what_was_sent_stays(app: Flask):
    from tests.web.browse import Browser
    from tests.web.test_requests import TYPED

    carol = Browser(app)
    carol.send(carol.open("/"), "/", **TYPED, files=[(io.BytesIO(b"x"), "a.txt")])
    clock.shift(timedelta(days=2))
    assert leftovers.sweep() == 0
    file = db.session.scalars(select(Attachment)).one()
    assert files.path(file.storage_id).read_bytes() == b"x"
