"""A worker dies between any two steps, or two work at once: every letter still becomes exactly one message."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.config import CONFIG_KEY
from app.extensions import db
from app.intake import filing, letters, placing
from app.models.event import Event
from app.models.letter import Letter
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import LetterState
from tests import forked
from tests.intake.mailing import mail
from tests.intake.samples import multipart, text_part
from tests.servers import environment

ROOT = Path(__file__).resolve().parent.parent.parent
_WORKER = "from wsgi import app\nfrom app.intake import letters\nwith app.app_context(): letters.file_received()"


def command(app: Flask, *arguments: str, failpoint: str = "", stdin: bytes = b"") -> int:
    """Run a process of the desk on the test's database; its exit status."""
    settings = app.config[CONFIG_KEY]
    own = environment(settings.data_dir, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)
    return subprocess.run(
        [sys.executable, *arguments],
        env={**own, "PATH": os.environ["PATH"], "HELPDESK_FAILPOINT": failpoint},
        cwd=ROOT,
        input=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    ).returncode


def work(app: Flask, failpoint: str = "") -> forked.Process:
    """A process that files what is received."""
    settings = app.config[CONFIG_KEY]
    own = environment(settings.data_dir, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)
    return forked.begin(_WORKER, {**own, "PATH": os.environ["PATH"], "HELPDESK_FAILPOINT": failpoint})


def count(model: type) -> int:
    found = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.rollback()  # on SQLite an open transaction would keep the other processes waiting
    return found


@pytest.mark.trust("R2")
@pytest.mark.parametrize("failpoint", ["letter parsed", "letter files kept", "letter before filed", "letter filed"])
def test_killed_while_filing(app: Flask, failpoint: str) -> None:
    letters.store(mail(Message_ID="<1@romashka.ru>"), "pipe")
    assert work(app, failpoint).wait() == 137
    assert count(Message) == (1 if failpoint == "letter filed" else 0)
    letters.file_received()
    clock.shift(letters.LEASE + timedelta(seconds=1))
    letters.file_received()
    letters.file_received()
    assert [count(Ticket), count(Message), count(Event)] == [1, 1, 1]
    assert db.session.scalars(select(Letter)).one().state is LetterState.FILED


@pytest.mark.trust("R2")
@pytest.mark.trust("R11")
@pytest.mark.parametrize(
    ("failpoint", "status", "kept"), [("letter before commit", 137, 0), ("letter after commit", 137, 1), ("", 0, 1)]
)
def test_killed_in_the_pipe(app: Flask, failpoint: str, status: int, kept: int) -> None:
    raw = mail(Message_ID="<1@romashka.ru>")
    assert command(app, "-m", "flask", "mail", "receive", failpoint=failpoint, stdin=raw) == status
    assert count(Letter) == kept
    assert command(app, "-m", "flask", "mail", "receive", stdin=raw) == 0  # what the mail server does next
    letters.file_received()
    assert [count(Ticket), count(Message), count(Letter)] == [1, 1, kept + 1]


@pytest.mark.trust("R20")
@pytest.mark.trust("R20")
def test_two_workers_at_once_have_one_effect(app: Flask) -> None:
    for number in range(30):
        raw = mail(f"Письмо {number}", Message_ID=f"<{number}@romashka.ru>")
        letters.store(raw, "pipe")
        letters.store(b"Received: by relay\r\n" + raw, "pipe")
    workers = [work(app) for _ in range(3)]
    assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    assert [count(Ticket), count(Message), count(Letter)] == [30, 30, 60]
    assert db.session.scalar(select(func.count()).where(Letter.copy_of_id.is_not(None))) == 30
    assert set(db.session.scalars(select(Letter.state))) == {LetterState.FILED}


@pytest.mark.trust("R12")
@pytest.mark.trust("R12")
def test_a_letter_that_breaks_us_gets_three_tries_and_stops_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    place = placing.place

    def breaking(letter: Letter, *rest: Any) -> None:
        if letter.subject == "яд":
            raise RuntimeError("broken by the letter")
        place(letter, *rest)

    monkeypatch.setattr(filing, "place", breaking)
    poison = letters.store(mail(subject="яд"), "pipe").id
    letters.store(mail("хорошее"), "pipe")
    assert letters.file_received() == 1
    for _ in range(2):
        assert db.session.get_one(Letter, poison, populate_existing=True).state is LetterState.RECEIVED
        clock.shift(timedelta(minutes=1))
        letters.file_received()
    letter = db.session.get_one(Letter, poison, populate_existing=True)
    assert (letter.state, letter.error, letter.file_at) == (
        LetterState.FAILED,
        "RuntimeError: broken by the letter",
        None,
    )
    assert db.session.get_one(Ticket, letter.ticket_id).title == "Неразобранное письмо"
    assert count(Ticket) == 2


@pytest.mark.trust("R28")
@pytest.mark.trust("R28")
def test_trouble_of_ours_is_not_the_letters_fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with_file = multipart(text_part(b"x"), b"Content-Disposition: attachment; filename=a.txt\r\n\r\ny\r\n")
    letter_id = letters.store(with_file, "pipe").id
    with monkeypatch.context() as broken:
        broken.setattr(filing, "keep_files", lambda _files: (_ for _ in ()).throw(OSError(28, "No space left")))
        for _ in range(5):
            clock.shift(timedelta(minutes=1))
            with pytest.raises(OSError, match="No space left"):
                letters.file_received()
    assert db.session.get_one(Letter, letter_id, populate_existing=True).attempts == 0
    clock.shift(timedelta(minutes=1))
    assert letters.file_received() == 1
    assert count(Ticket) == 1


def test_a_job_stops_between_letters_when_its_time_is_up(app: Flask) -> None:
    for number in range(3):
        letters.store(mail(f"Письмо {number}"), "pipe")
    assert letters.file_received(seconds=-1) == 0
    assert letters.file_received(2) == 2
    assert letters.file_received() == 1
