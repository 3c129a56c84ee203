"""A desk of real processes with a bot, its clock in the test's hands, and Carol's telephone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from redis import Redis

from supervisor import valkey
from tests.processes.desk import Desk, free_port, migrated, running_desk
from tests.processes.desk_time import DeskTime, next_monday_morning
from tests.telegram.fake import FakeBotApi, User

SOON = 40.0  # seconds for an answer, on a machine that others use too, killings included
ALICE = "alice@stek.example"
Json = dict[str, Any]


class Story:
    """The cast with their means."""

    def __init__(self, desk: Desk, fake: FakeBotApi, clock: DeskTime, failpoints: Path) -> None:
        self.desk, self.fake, self.clock = desk, fake, clock
        self._failpoints = failpoints
        self._token = desk.flask("token", "add", "Алиса", "--role", "manager").strip()

    def api(self, method: str, path: str, **body: Any) -> Json:
        """What a colleague does at the desk; answered again and again until the desk is back."""
        url, auth = f"{self.desk.url}/api/v1{path}", {"Authorization": f"Bearer {self._token}"}
        end = time.monotonic() + SOON
        while True:
            try:
                answer = requests.request(method, url, json=body or None, headers=auth, timeout=10)
                if answer.status_code < 500:
                    answer.raise_for_status()
                    found: Json = answer.json()
                    return found
            except requests.ConnectionError:
                pass
            assert time.monotonic() < end, f"{method} {path}"
            time.sleep(0.2)

    def ticket(self, number: str) -> Json:
        return self.api("GET", f"/tickets/{number}")

    def arm(self, failpoint: str) -> None:
        """The next process to come to this place ends there."""
        (self._failpoints / failpoint).touch()

    def has_struck(self, failpoint: str) -> bool:
        return not (self._failpoints / failpoint).exists()

    def wait(self, holds: Callable[[], object], what: str) -> None:
        self.desk.wait(holds, SOON, what)

    def settles(self) -> None:
        """What was heard is answered, what was said is noted as said, and the chat would take the next word."""

        def has_settled() -> bool:
            return not self.desk.ask(
                "SELECT 1 FROM bot_messages WHERE next_attempt_at IS NOT NULL"
                " UNION ALL SELECT 1 FROM bot_updates WHERE work_at IS NOT NULL"
            )

        try:
            self.desk.wait(has_settled, SOON / 4)
        except AssertionError:  # a dead process had something in hand
            self.leases_end()
            self.wait(has_settled, "the end of what was said")
        time.sleep(1.1)  # a process that begins does not know when the last message left, and a chat takes one a second

    def forget_redis(self) -> None:
        """FLUSHALL."""
        with Redis.from_url(f"unix://{valkey.socket_path(self.desk.data_dir / 'redis')}") as redis:
            redis.flushall()

    def leases_end(self) -> None:
        """What a dead process had taken in hand is free again."""
        self.clock.pass_by(timedelta(minutes=1))


@contextmanager
def running_story(folder: Path, template: Path, fake: FakeBotApi, **settings: str) -> Iterator[Story]:
    """A desk whose bot uses the fake server, its SQLite copied; keyword arguments are more settings."""
    clock = DeskTime(folder / "time", next_monday_morning())
    fake.world.now = lambda: clock.now().timestamp()
    failpoints = folder / "failpoints"
    failpoints.mkdir()
    known = {"UNDO_SEND": "0s", "SWEEP_EVERY": "1s", "HELPDESK_FAILPOINTS": str(failpoints)}
    data = migrated(folder / "data", template)
    with running_desk(data, **{**fake.settings, **clock.environment, **known, **settings}) as desk:
        yield Story(desk, fake, clock, failpoints)


def with_webhook() -> dict[str, str]:
    """Settings of a desk that Telegram posts to."""
    port = free_port()
    return {"PORT": str(port), "TELEGRAM_WEBHOOK": f"http://127.0.0.1:{port}/telegram/updates"}


def all_are_known(story: Story, folder: Path) -> None:
    """Carol's company, contract and number stand in the desk's books; Alice may sign in."""
    person = "Петрова Ольга Сергеевна,carol@neva-trade.example,+79005550144,Нева-Трейд"
    contract = "Нева-Трейд,118/2024,2024-01-01,ru-5x9,1h,8h"
    books = {
        "companies": "name,domains\nООО «Нева-Трейд»,neva-trade.example\n",
        "people": f"name,email,phone,company\n{person}\n",
        "contracts": f"company,number,valid_from,calendar,reaction,solution\n{contract}\n",
    }
    for kind, rows in books.items():
        (folder / f"{kind}.csv").write_text(rows, encoding="utf-8")
    story.desk.prepare(
        ("staff", "add", ALICE, "--name", "Алиса Орлова", "--role", "engineer"),
        *(("import", kind, str(folder / f"{kind}.csv"), "--apply") for kind in books),
    )


def number_in(text: str) -> str:
    """The number that «Заявка принята. Номер 48217.» tells."""
    return "".join(char for char in text.partition("Номер")[2].partition(".")[0] if char.isdigit())


def carol_in(fake: FakeBotApi) -> User:
    return fake.user("Ольга", "Петрова", phone="+79005550144")
