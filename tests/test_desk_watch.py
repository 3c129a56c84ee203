"""What the desk itself suffers comes before the manager when it lasts, and goes by itself."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import NamedTuple

import pytest

from app import clock, desk_watch, escalations, outbox
from app.clock import now
from app.extensions import db
from app.intake import letterbox
from app.models.escalation import Escalation
from app.models.letter import DISCARDED, Letter
from app.models.words import LetterState

pytestmark = pytest.mark.usefixtures("app")

MINUTE = timedelta(minutes=1)
LETTER = b"From: x@y.example\r\nTo: info@stekspb.ru\r\nSubject: x\r\nMessage-ID: <1@y>\r\n\r\nx\r\n"


class Usage(NamedTuple):
    """As shutil gives it."""

    total: int
    used: int
    free: int


def look(after: timedelta = MINUTE) -> dict[str, str]:
    """A round later: the open troubles of the desk."""
    clock.shift(after)
    desk_watch.watch(now())
    query = db.session.query(Escalation).filter(Escalation.resolved_at.is_(None))
    found = {one.subject: one.text for one in query}
    db.session.rollback()
    return found


def stored() -> Letter:
    return letterbox.store(LETTER, "smtp")


def test_a_disk_that_fills_up_is_told_once_and_settled(monkeypatch: pytest.MonkeyPatch):
    free = desk_watch.LEAST_FREE - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, free))
    assert look() == {}  # seen once: it may pass
    assert "мало места" in look()["desk: disk"]
    assert len(look()) == 1
    free = desk_watch.LEAST_FREE
    assert look() == {}
    assert db.session.query(Escalation).one().resolution == "Прошло само."


def test_work_that_nobody_does_is_told(monkeypatch: pytest.MonkeyPatch):
    stored()
    db.session.rollback()
    assert look() == {}
    assert look(timedelta(minutes=20)) == {}
    assert "входящие письма не разбираются" in look()["desk: work letters"]
    with outbox.transaction():
        db.session.query(Letter).update({"file_at": None})
    assert look() == {}


def test_a_letter_without_a_request_waits_a_day_at_most():
    with outbox.transaction():
        letter = stored()
        letter.state, letter.file_at = LetterState.QUARANTINED, None
        copy, failed = stored(), stored()
        copy.state, copy.file_at, copy.copy_of_id = LetterState.QUARANTINED, None, letter.id
        failed.state, failed.file_at = LetterState.FAILED, None
    assert look() == {}
    assert look(timedelta(hours=24)) == {}
    assert "больше суток: 1" in look()["desk: unread letters"]
    with outbox.transaction():
        db.session.query(Letter).filter_by(id=letter.id).one().error = DISCARDED
    assert look() == {}


def test_it_looks_once_a_minute(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, 1))
    look()
    assert look(timedelta(seconds=20)) == {}
    assert look(timedelta(seconds=50)) != {}


def test_a_manager_who_ended_a_trouble_that_lasts_hears_of_it_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, 1))
    look()
    look()
    with outbox.transaction():
        escalations.settle_system("desk: disk", now())
    assert len(look()) == 1
