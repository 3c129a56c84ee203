"""Machines that answer each other: ten minutes of moved clock, and at most three letters."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, notify, outbox, tickets
from app.extensions import db
from app.intake import letters
from app.models.letter import Letter
from app.models.person import Person
from app.models.ticket import Ticket
from app.models.words import LetterKind
from app.tickets import Contribution
from tests import cast
from tests.intake.mailing import mail, messages
from tests.notify.letters import kept_bytes, read

pytestmark = pytest.mark.trust("M8")
OURS, THEIRS = "info@stekspb.ru", "help@elsewhere.example"
MINUTE = timedelta(minutes=1)


@dataclass
class Desk:
    """A desk in its own folder, with its own database and key."""

    app: Flask
    sent: set[bytes] = field(default_factory=set)

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.remove()

    def take(self, raw: bytes) -> None:
        with self.inside():
            letters.store(raw, "pipe", envelope_from=parseaddr(read(raw)["From"])[1])
            letters.file_received()

    def newly_sent(self) -> list[EmailMessage]:
        with self.inside():
            notify.run()
            new = [raw for raw in kept_bytes() if raw not in self.sent]
        self.sent |= set(new)
        return [read(raw) for raw in new]


@pytest.fixture
def ours(make_app: Callable[..., Flask]) -> Desk:
    return Desk(make_app(PUBLIC_URL="https://help.stekspb.ru"))


@pytest.fixture
def theirs(make_app: Callable[..., Flask], sqlite_template: Path, tmp_path: Path) -> Desk:
    folder = tmp_path / "theirs"
    folder.mkdir()
    database = shutil.copy(sqlite_template, folder / "helpdesk.sqlite3")
    settings = {"MAIL_DEFAULT_SENDER": THEIRS, "SECRET_KEY": "another secret of another desk 0123456789"}
    return Desk(make_app(DATA_DIR=str(folder), DATABASE_URL=f"sqlite:///{database}", **settings))


def played(one: Desk, answer: Callable[[EmailMessage], list[bytes]], address: str = THEIRS) -> list[EmailMessage]:
    """Ten minutes, a letter a second at most each way; returns what the desk wrote to the other side."""
    written: list[EmailMessage] = []
    for _ in range(40):
        new = [letter for letter in one.newly_sent() if letter["To"] == address]
        written += new
        for raw in [raw for letter in new for raw in answer(letter)]:
            one.take(raw)
        clock.shift(MINUTE / 4)
    return written


def test_two_desks_aimed_at_each_other_write_three_letters_at_most(ours: Desk, theirs: Desk) -> None:
    total = []
    with ours.inside():  # somebody gave their address as the customer's, and an engineer answers
        ticket = cast.request_of_carol(email=THEIRS, company="Другая служба")
        tickets.reply(
            ticket, Contribution("Уточните, пожалуйста, номер кассы."), cast.acting(cast.alice()), clock.now()
        )
        outbox.commit()

    def across(letter: EmailMessage) -> list[bytes]:
        total.append(letter)
        theirs.take(letter.as_bytes())
        back = [found for found in theirs.newly_sent() if found["To"] == OURS]
        total.extend(back)
        return [found.as_bytes() for found in back]

    assert len(played(ours, across)) == 2, "the number, and what the engineer wrote"
    assert len(total) == 3
    with theirs.inside():
        assert len(db.session.scalars(select(Ticket)).all()) == 1, "the engineer's letter is a request there"
    with ours.inside():
        kinds = db.session.scalars(select(Letter.kind)).all()
        assert set(kinds) == {LetterKind.AUTO}


@pytest.mark.parametrize("is_client", [False, True])
@pytest.mark.parametrize("how", ["in the thread", "with our subject", "with a subject of its own"])
def test_a_desk_that_sends_no_headers_gets_three_letters_at_most(ours: Desk, how: str, is_client: bool) -> None:
    if is_client:
        with ours.inside():
            db.session.add(Person(email=THEIRS, name="Служба", is_confirmed=True, created_at=clock.now()))
            outbox.commit()
    serial = itertools.count(1)

    def answer(letter: EmailMessage) -> list[bytes]:
        number = next(serial)
        words = f"Ваше обращение {number} зарегистрировано."
        headers = {"Message_ID": f"<{number}@elsewhere.example>"}
        subject = f"Обращение {number} принято"
        if how == "in the thread":
            headers["In_Reply_To"] = str(letter["Message-ID"])
        elif how == "with our subject":
            subject = f"Re: {letter['Subject']}".replace("\n", "")
        return [mail(words, subject, f"Служба <{THEIRS}>", **headers)]

    ours.take(mail("Ваше обращение 0 зарегистрировано.", "Обращение 0 принято", THEIRS))
    assert 1 <= len(played(ours, answer)) <= 3
    with ours.inside():
        lost = db.session.scalars(select(Letter).where(Letter.ticket_id.is_(None))).all()
        assert lost == [], "each of its letters is kept on a request"


def test_a_desk_without_headers_that_never_stops_is_given_up_within_a_day(ours: Desk) -> None:
    serial = itertools.count(1)

    def answer(_letter: EmailMessage) -> list[bytes]:
        return [mail("Принято.", f"Обращение {next(serial)} принято", THEIRS)]

    ours.take(mail("Принято.", "Обращение 0 принято", THEIRS))
    first = played(ours, answer)
    later = []
    for _ in range(30):
        clock.shift(timedelta(hours=1))
        new = [letter for letter in ours.newly_sent() if letter["To"] == THEIRS]
        later.append(len(new))
        for letter in new:
            ours.take(answer(letter)[0])
    assert len(first) <= 3
    assert sum(later) == 0, later
    with ours.inside():
        assert db.session.scalars(select(Ticket)).all()[-1].is_suspect


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied", "subject": "Re: {subject}"},
        {"subject": "Out of Office: {subject}"},
        {"subject": "Автоответ: {subject}"},
        {"subject": "Отсутствую до 5 марта"},
        {"subject": "Re: {subject}"},  # nothing but its words says what it is
    ],
)
def test_a_vacation_robot_gets_one_letter(ours: Desk, headers: dict[str, str]) -> None:
    def answer(letter: EmailMessage) -> list[bytes]:
        subject = headers["subject"].format(subject=letter["Subject"])
        more = {name: value for name, value in headers.items() if name != "subject"}
        return [mail("Я в отпуске до 5 марта.", subject, THEIRS, In_Reply_To=str(letter["Message-ID"]), **more)]

    ours.take(mail(sender=THEIRS))
    assert len(played(ours, answer)) == 1
    with ours.inside():
        [ticket] = db.session.scalars(select(Ticket)).all()
        assert [message.text for message in messages(ticket)][1:] == ["Я в отпуске до 5 марта."]
