"""New Year's night by real processes: Redis is wiped, every process killed, and each step calls once, at its minute."""

from __future__ import annotations

import re
import signal
import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest
import requests
from redis import Redis

from tests.notify import mail_server
from tests.notify.letters import text_of
from tests.notify.mail_server import MailServer
from tests.paging import receiver as receivers
from tests.paging.receiver import Receiver
from tests.processes.desk import Desk, migrated
from tests.processes.desk_time import DeskTime

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(420)]

THREE = datetime(2027, 1, 1, 0, 0, 5, tzinfo=UTC)  # 3:00 in Moscow, and a breath for the alarm
MINUTE = timedelta(minutes=1)
ALICE, BOB, MASHA = "alice@stek.example", "bob@stek.example", "masha@stek.example"
SOON = 40.0  # seconds, on a machine that others use too
PAGED = "никто не взял"


class Night:
    """A desk that can be killed whole and begun again on the same folder."""

    def __init__(self, folder: Path, template: Path, mail: MailServer, receiver: Receiver) -> None:
        self.mail, self.receiver = mail, receiver
        self.time = DeskTime(folder / "time", THREE - 15 * MINUTE)
        self._folder = migrated(folder / "data", template)
        self._settings = {
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(mail.port),
            "SWEEP_EVERY": "1s",
            "PAGE_WEBHOOK_URL": receiver.url,
            **self.time.environment,
        }
        self.desk = Desk(self._folder, self._settings)
        self.desk.wait_until_up()

    def kill_all(self) -> None:
        """Supervisor and all, at once, and Redis forgets what it knew."""
        Redis.from_url(f"unix://{self._folder}/redis/redis.sock").flushall()
        left = self.desk.processes()
        self.desk.process.kill()
        self.desk.process.wait(10)
        for process in left:
            if process.is_running():
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(left, timeout=10)

    def begin_again(self) -> None:
        self.desk = Desk(self._folder, {**self._settings, "PORT": str(self.desk.port)})
        self.desk.wait_until_up()

    def ask(self, query: str) -> list[tuple[str, ...]]:
        return self.desk.ask(query)

    def paged(self, whom: str) -> list[EmailMessage]:
        return [letter for letter in self.mail.to(whom) if PAGED in str(letter["Subject"])]

    def wait(self, until: Callable[[], object], what: str) -> None:
        self.desk.wait(until, SOON, what)

    def wait_for_a_sweep(self) -> None:
        self.desk.wait_for_a_sweep(self.time)


@pytest.fixture
def night(tmp_path: Path, sqlite_template: Path) -> Iterator[Night]:
    with mail_server.running() as mail, receivers.running() as receiver:
        night = Night(tmp_path, sqlite_template, mail, receiver)
        try:
            night.desk.prepare(
                ("staff", "add", ALICE, "--name", "Алиса Орлова", "--role", "engineer"),
                ("staff", "add", BOB, "--name", "Борис Белов", "--role", "engineer"),
                ("staff", "add", MASHA, "--name", "Мария Иванова", "--role", "manager"),
            )
            for email, role in ((ALICE, "owner"), (BOB, "next")):
                night.ask(
                    "INSERT INTO duty_shifts (staff_id, role, starts_at, ends_at, version) SELECT id, "
                    f"'{role}', '2026-12-31 06:00:00.000000', '2027-01-02 06:00:00.000000', 1 "
                    f"FROM staff WHERE email = '{email}'"
                )
            yield night
        finally:
            night.desk.end()


def test_nobody_is_called_twice_and_nobody_is_left_asleep(night: Night) -> None:
    _carol_calls_for_help(night)
    night.time.go_to(THREE)
    night.wait(lambda: night.paged(ALICE), "the first page")
    for name in ("notify", "inbox", "clock"):
        night.desk.kill(name)
    Redis.from_url(f"unix://{night.desk.data_dir}/redis/redis.sock").flushall()
    night.wait_for_a_sweep()
    assert len(night.paged(ALICE)) == 1
    assert night.paged(BOB) == []

    night.kill_all()
    night.time.go_to(THREE + 10 * MINUTE)
    night.begin_again()
    night.wait(lambda: night.paged(BOB), "the second page, after everything was killed")
    night.wait(lambda: len(night.receiver.told) >= 2, "the second post")
    night.wait_for_a_sweep()
    _each_step_was_one(night, {ALICE: 2, BOB: 1, MASHA: 0}, posts=2)

    _bob_takes_charge(night)
    night.time.go_to(THREE + 35 * MINUTE)
    night.wait_for_a_sweep()
    _each_step_was_one(night, {ALICE: 2, BOB: 1, MASHA: 0}, posts=2)


def _carol_calls_for_help(night: Night) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "carol@neva.example", "info@stekspb.ru", "Срочно: касса стоит"
    letter["Message-ID"], letter["Date"] = "<night@neva.example>", night.time.now()
    letter.set_content("Касса не печатает чек, очередь.")
    with smtplib.SMTP("127.0.0.1", night.desk.smtp_port, timeout=20) as server:
        server.send_message(letter)
    night.wait(lambda: night.mail.to("carol@neva.example"), "the registration letter")


def _each_step_was_one(night: Night, letters: dict[str, int], posts: int) -> None:
    """As mail server, webhook and table saw it; what a death has repeated bears its first Message-ID."""
    told = {whom: len({letter["Message-ID"] for letter in night.paged(whom)}) for whom in letters}
    assert told == letters
    assert len({post["id"] for post in night.receiver.told}) == posts
    steps = night.ask("SELECT recipient, step FROM pages WHERE channel = 'email' ORDER BY id")
    assert sorted(steps) == sorted([(ALICE, 0), (ALICE, 1), (BOB, 1)])


def _bob_takes_charge(night: Night) -> None:
    found = re.search(r"https?://\S+/pages/\S+", text_of(night.paged(BOB)[-1]))
    assert found
    with requests.Session() as browser:
        page = browser.get(found[0], timeout=20)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert token
        done = browser.post(f"{found[0]}/acknowledgement", data={"csrf_token": token[1]}, timeout=20)
    assert "Борис Белов" in done.text
