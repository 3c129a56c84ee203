"""From a real mailbox to the answer: a day's letters wait in Dovecot, one mailbox is dead, some letters are poison."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.intake.dovecot import Dovecot, running_dovecot
from tests.intake.mailing import mail
from tests.notify import mail_server
from tests.notify.mail_server import MailServer
from tests.processes.desk import Desk, free_port, migrated, running_desk

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(240)]

WAITING, SOON = 20, 60.0  # letters; seconds
POISON = (
    b"\r\n",
    b"\xff\xfe\x00" * 100,
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n" * 20_000,
    mail("Бомба", Content_Transfer_Encoding="base64") + b"\x00\r\n" * 1000,
)


class Roads:
    """A desk between a mailbox and a mail server."""

    def __init__(self, desk: Desk, dovecot: Dovecot, sink: MailServer) -> None:
        self.desk, self.sink, self._dovecot = desk, sink, dovecot
        self._token = desk.flask("token", "add", "test", "--role", "manager").split()[-1]

    def put(self, *letters: bytes, at: datetime | None = None) -> None:
        put(self._dovecot, *letters, at=at)

    def answer_to(self, writer: str, nth: int = 1) -> EmailMessage:
        self.desk.wait(lambda: len(self.sink.to(writer)) >= nth, SOON, f"letter {nth} to {writer}")
        return self.sink.to(writer)[nth - 1]

    def ask(self, path: str) -> Any:
        address = urllib.request.Request(
            f"{self.desk.url}/api/v1{path}", headers={"Authorization": f"Bearer {self._token}"}
        )
        with urllib.request.urlopen(address, timeout=20) as answer:
            return json.load(answer)


def put(dovecot: Dovecot, *letters: bytes, at: datetime | None = None) -> None:
    client = dovecot.client()
    for letter in letters:
        client.append("INBOX", letter, msg_time=at)
    client.logout()


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    if request.param == "sqlite":
        yield {}
    else:
        server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")
        with servers.copied_postgres(server, template) as url:
            yield {"DATABASE_URL": url}


@pytest.fixture
def roads(tmp_path: Path, dovecot: Dovecot, database: dict[str, str], sqlite_template: Path) -> Iterator[Roads]:
    """The desk starts a day after the letters came."""
    yesterday = datetime.now(UTC) - timedelta(days=4)
    letters = [mail(f"Не печатает {n}", sender=f"u{n}@neva.example", Message_ID=f"<{n}@neva>") for n in range(WAITING)]
    for number, letter in enumerate(letters):
        put(dovecot, *POISON[number : number + 1], letter, at=yesterday + timedelta(minutes=number))
    dead = f"imap://info:wrong@127.0.0.1:{free_port()}/INBOX"
    with (
        mail_server.running() as sink,
        running_desk(
            migrated(tmp_path / "data", sqlite_template),
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=str(sink.port),
            IMAP_URL=f"{dead},{dovecot.url()}",
            SWEEP_EVERY="1s",
            **database,
        ) as desk,
    ):
        yield Roads(desk, dovecot, sink)


@pytest.mark.trust("R14")
def test_a_day_of_letters_is_caught_up(roads: Roads) -> None:
    for number in range(WAITING):
        assert "принята" in str(roads.answer_to(f"u{number}@neva.example")["Subject"])
    first = roads.answer_to("u0@neva.example")
    of_first = str(first["Subject"]).rpartition("#")[2].rstrip("]")
    _is_counted_from_its_arrival(roads, of_first)
    _is_told_to_the_manager(roads, of_first)
    reply = mail(
        "Печатает снова.", f"Re: {first['Subject']}", "u0@neva.example",
        In_Reply_To=first["Message-ID"], References=first["Message-ID"], Message_ID="<reply@neva>",
    )  # fmt: skip
    roads.put(reply, reply)
    roads.desk.wait(lambda: len(roads.ask(f"/tickets/{of_first}")["messages"]) >= 2, SOON, "the reply")
    assert [one["text"] for one in roads.ask(f"/tickets/{of_first}")["messages"]] == [
        "Не печатает 0",
        "Печатает снова.",
    ]


def _is_counted_from_its_arrival(roads: Roads, number: str) -> None:
    created_at = datetime.fromisoformat(roads.ask(f"/tickets/{number}")["created_at"])
    assert datetime.now(UTC) - created_at > timedelta(days=3, hours=23)


def _is_told_to_the_manager(roads: Roads, number: str) -> None:
    def is_told() -> bool:
        found = roads.ask("/escalations")["items"]
        return any(one["number"] == number and one["cause"] == "missed" for one in found)

    roads.desk.wait(is_told, SOON, "the escalation of what was overdue on arrival")
