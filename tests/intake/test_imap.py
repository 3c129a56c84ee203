"""Letters from a real mailbox: every one once, whatever people and power cuts do to it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from imapclient import IMAPClient
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from app import clock
from app.config import CONFIG_KEY
from app.extensions import db
from app.intake import imap, imap_watch, letters
from app.intake.letterbox import UNFETCHABLE
from app.models.escalation import Escalation
from app.models.letter import Letter, Mailbox
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import LetterState
from tests.intake.broken_line import line
from tests.intake.dovecot import Dovecot, read_all, running_dovecot
from tests.intake.mailing import mail
from tests.servers import environment

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = iter(range(10_000))


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def folder(dovecot: Dovecot) -> str:
    """A folder of its own for each test."""
    name = f"Desk{next(FOLDERS)}"
    client = dovecot.client()
    client.create_folder(name)
    client.logout()
    return name


@pytest.fixture
def app(make_app: Callable[..., Flask], dovecot: Dovecot, folder: str) -> Iterator[Flask]:
    made = make_app(IMAP_URL=dovecot.url(folder), MAX_LETTER_MB="1")
    with made.app_context():
        yield made


def put(dovecot: Dovecot, folder: str, *raws: bytes, at: datetime | None = None) -> None:
    client = dovecot.client()
    for raw in raws:
        client.append(folder, raw, msg_time=at)
    client.logout()


def stored() -> list[Letter]:
    found = list(db.session.scalars(select(Letter).options(undefer(Letter.raw)).order_by(Letter.id)))
    db.session.rollback()
    return found


def message_count() -> int:
    found = db.session.scalar(select(func.count()).select_from(Message)) or 0
    db.session.rollback()
    return found


def test_letters_are_read_once_and_marked_as_seen(app: Flask, dovecot: Dovecot, folder: str) -> None:
    raws = [mail(f"Письмо {number}", Message_ID=f"<{number}@r>") for number in range(3)]
    put(dovecot, folder, *raws)
    before = clock.now()
    assert (read_all(), read_all()) == (3, 0)
    assert [letter.raw for letter in stored()] == raws
    mailbox = db.session.scalars(select(Mailbox)).one()
    assert mailbox.last_uid == 3
    assert mailbox.reading_began_at
    assert mailbox.reading_began_at >= before
    client = dovecot.client()
    client.select_folder(folder, readonly=True)
    assert len(client.search("SEEN")) == 3
    client.logout()


def test_what_a_person_has_read_already_is_read_all_the_same(app: Flask, dovecot: Dovecot, folder: str) -> None:
    put(dovecot, folder, mail())
    client = dovecot.client()
    client.select_folder(folder)
    client.fetch([1], ["BODY[]"])
    client.logout()
    assert read_all() == 1


@pytest.mark.trust("R14")
def test_the_deadline_runs_from_the_arrival_in_the_mailbox(app: Flask, dovecot: Dovecot, folder: str) -> None:
    arrived = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30)
    put(dovecot, folder, mail(), at=arrived)
    put(dovecot, folder, mail("from the future"), at=arrived + timedelta(days=300))
    read_all()
    first, second = stored()
    assert first.received_at == arrived
    assert second.received_at <= clock.now()


@pytest.mark.trust("R9")
def test_new_uids_lead_to_another_reading_without_doubles(app: Flask, dovecot: Dovecot, folder: str) -> None:
    raw = mail(Message_ID="<1@r>")
    put(dovecot, folder, raw)
    read_all()
    client = dovecot.client()
    client.delete_folder(folder)
    time.sleep(1.1)  # Dovecot makes UIDVALIDITY from the second
    client.create_folder(folder)
    client.logout()
    put(dovecot, folder, raw, mail("Новое", Message_ID="<2@r>"))
    assert read_all() == 2
    letters.store(raw, "pipe")
    letters.file_received()
    assert [letter.copy_of_id for letter in stored()] == [None, 1, None, 1]
    assert message_count() == 2


@pytest.mark.trust("R7")
@pytest.mark.trust("R8")
@pytest.mark.parametrize(("failpoint", "kept"), [("imap fetched", 0), ("imap committed", 1)])
def test_killed_while_reading(app: Flask, dovecot: Dovecot, folder: str, failpoint: str, kept: int) -> None:
    put(dovecot, folder, mail(Message_ID="<1@r>"), mail("Второе", Message_ID="<2@r>"))
    settings = app.config[CONFIG_KEY]
    own = environment(settings.data_dir, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)
    own |= {"IMAP_URL": settings.imap_url[0], "HELPDESK_FAILPOINT": failpoint, "PATH": os.environ["PATH"]}
    reading = "from wsgi import app\nfrom tests.intake.dovecot import read_all\nwith app.app_context(): read_all()"
    assert subprocess.run([sys.executable, "-c", reading], env=own, cwd=ROOT, check=False, timeout=60).returncode == 137
    assert len(stored()) == kept
    read_all()
    letters.file_received()
    assert [letter.state for letter in stored()] == [LetterState.FILED] * 2
    assert message_count() == 2


def test_a_letter_that_is_too_large_is_kept_by_its_header(app: Flask, dovecot: Dovecot, folder: str) -> None:
    put(dovecot, folder, mail("x\n" * 900_000, subject="Фото"))
    read_all()
    [letter] = stored()
    assert letter.signals == ["too large"]
    assert len(letter.raw) < 1000 < letter.size


def test_a_large_letter_comes_whole(app: Flask, dovecot: Dovecot, folder: str) -> None:
    raw = mail("y\n" * 300_000)
    put(dovecot, folder, raw)
    read_all()
    assert [letter.raw for letter in stored()] == [raw]


def test_what_is_stored_can_be_moved_out_of_the_way(
    make_app: Callable[..., Flask], dovecot: Dovecot, folder: str
) -> None:
    app = make_app(IMAP_URL=dovecot.url(folder), IMAP_MOVE_TO=f"{folder}-done")
    with app.app_context():
        put(dovecot, folder, mail("Первое", Message_ID="<1@r>"))
        assert read_all() == 1
        put(dovecot, folder, mail("Второе", Message_ID="<2@r>"))
        assert read_all() == 1
        assert len(stored()) == 2
    client = dovecot.client()
    assert client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"] == 0
    assert client.folder_status(f"{folder}-done", ["MESSAGES"])[b"MESSAGES"] == 2
    client.logout()


def test_a_letter_that_the_server_cannot_hand_out_stops_no_other(app: Flask, dovecot: Dovecot, folder: str) -> None:
    put(dovecot, folder, *(mail(f"Письмо {number}", Message_ID=f"<{number}@r>") for number in range(3)))
    broken = sorted(dovecot.maildir.glob(f".{folder}/new/*"))[1]
    broken.chmod(0)  # Dovecot breaks the connection over it
    for _ in range(imap.MOST_TRIES):
        with pytest.raises(IMAPClient.Error):
            read_all()
    read_all()
    letters.file_received()
    assert [UNFETCHABLE in letter.signals for letter in stored()] == [False, True, False]
    titles = list(db.session.scalars(select(Ticket.title).order_by(Ticket.id)))
    assert (len(titles), titles.count("Неразобранное письмо")) == (3, 1)
    assert f"/{folder}" in next(letter.raw for letter in stored() if UNFETCHABLE in letter.signals).decode()


def test_a_broken_line_loses_no_letter(app: Flask, dovecot: Dovecot, folder: str) -> None:
    """A large letter comes piece by piece through a line that breaks now and then."""
    put(dovecot, folder, mail("Файл", Message_ID="<1@r>"), mail("А" * 300_000, Message_ID="<2@r>"))
    address = imap.Address.parse(dovecot.url(folder))
    for broken_after in (1_500, 5_000, 300_000, None):
        with line(dovecot.port, broken_after) as port:
            client = imap.connected(replace(address, port=port))
            with suppress(IMAPClient.Error, OSError):
                imap.read(client, address)
            client.shutdown()
    assert [letter.size == len(letter.raw) for letter in stored()] == [True, True]


def test_idle_wakes_the_reader(app: Flask, dovecot: Dovecot, folder: str) -> None:
    stop = threading.Event()
    imap_watch.watch(app, stop)
    [reading] = [thread for thread in threading.enumerate() if thread.name.endswith(folder)]
    deadline = time.monotonic() + 20
    while not db.session.scalar(select(Mailbox.reading_began_at)) and time.monotonic() < deadline:
        db.session.rollback()
        time.sleep(0.1)
    time.sleep(0.5)
    put(dovecot, folder, mail())
    while not stored() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(stored()) == 1
    stop.set()
    reading.join(20)
    assert not reading.is_alive()


@pytest.mark.trust("R14")
def test_a_silent_mailbox_is_put_before_the_manager_once(app: Flask, dovecot: Dovecot, folder: str) -> None:
    address = imap.Address.parse(dovecot.url(folder))
    read_all()
    for minutes, troubles in ((10, 0), (6, 1), (1, 1)):
        clock.shift(timedelta(minutes=minutes))
        imap_watch._report(app, address, clock.now(), "ConnectionRefusedError")
        assert _open_troubles() == troubles
    read_all()
    assert _open_troubles() == 0


def _open_troubles() -> int:
    query = select(func.count()).select_from(Escalation).where(Escalation.resolved_at.is_(None))
    found = db.session.scalar(query) or 0
    db.session.rollback()
    return found
