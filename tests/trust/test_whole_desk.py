"""A whole desk whose Redis dies, hangs, refuses or forgets, and whose parts freeze: nobody waits, somebody is told."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from tests.processes.desk import Desk, running_desk
from tests.servers import UNLIMITED
from tests.trust.customer import Form
from tests.trust.house import House, built
from tests.trust.valkey_server import Server

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(180)]

Trouble = Callable[[Server], AbstractContextManager[None]]
AT_ONCE = 2.0  # seconds to the number: R4, R6
SOON = 30.0  # seconds to the letter; with SWEEP_EVERY at its default of ten seconds it is a minute


@dataclass
class Scene:
    """A desk in its house."""

    desk: Desk
    house: House
    usual: float = 0.0  # seconds to a number while all is well: machines differ, and are busy

    def report(self) -> str:
        """Carol reports a fault and is told a number within the time promised."""
        form = Form(self.desk.url, email=f"carol{time.monotonic_ns()}@neva-trade.example")
        number = form.number()
        assert form.took < AT_ONCE + self.usual, f"{form.took:.1f} s; with Redis well {self.usual:.1f} s"
        self.wait_for_letter(form.email, number)
        return number

    def wait_for_letter(self, address: str, number: str) -> None:
        self.desk.wait(lambda: self.house.mail.to(address), SOON, f"the letter about {number}")
        [letter] = self.house.mail.to(address)
        assert letter["X-HelpDesk-Ticket"] == number


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("away")
    with (
        built(request, folder, SWEEP_EVERY="3s", **UNLIMITED) as house,
        running_desk(house.folder, **house.settings) as desk,
    ):
        scene = Scene(desk, house)
        for _ in range(4):  # by either web process
            form = Form(desk.url)
            form.number()
            scene.usual = max(scene.usual, form.took)
        yield scene


@pytest.mark.trust("R4")
def test_with_redis_dead_the_number_comes_at_once_and_the_letter_within_a_minute(scene: Scene) -> None:
    scene.house.redis.kill()
    try:
        scene.report()
    finally:
        scene.house.redis.start()


@pytest.mark.trust("R6")
def test_with_redis_hanging_nobody_waits_longer(scene: Scene) -> None:
    scene.house.redis.freeze()
    try:
        scene.report()
        scene.report()  # by the other web process, too
    finally:
        scene.house.redis.thaw()


@contextmanager
def _full(server: Server) -> Iterator[None]:
    with server.client() as client:
        client.config_set("maxmemory", 1)
        yield
        client.config_set("maxmemory", 0)


@contextmanager
def _read_only(server: Server) -> Iterator[None]:
    with server.client() as client:
        client.config_set("replica-serve-stale-data", "yes")
        client.replicaof("127.0.0.1", 1)
        yield
        client.replicaof("NO", "ONE")


@pytest.mark.trust("R6")
@pytest.mark.parametrize("trouble", [_full, _read_only], ids=["full", "read only"])
def test_with_redis_refusing_to_write_the_clock_does_the_work(scene: Scene, trouble: Trouble) -> None:
    with trouble(scene.house.redis):
        scene.report()


@pytest.mark.trust("R5")
def test_redis_may_forget_everything_at_any_time(scene: Scene) -> None:
    told: dict[str, str] = {}
    with scene.house.redis.client() as redis:
        for turn in range(25):
            form = Form(scene.desk.url, email=f"flush{turn}@neva-trade.example")
            told[form.email] = form.number()
            redis.flushall()
    for address, number in told.items():
        scene.wait_for_letter(address, number)
    assert len(set(told.values())) == len(told)
    copies = Counter(one.recipient for one in scene.house.mail.taken if one.recipient in told)
    assert set(copies.values()) == {1}


@pytest.mark.trust("R38")
def test_frozen_processes_are_reported_by_those_that_live(scene: Scene) -> None:
    frozen = ("clock", "mail")
    with ExitStack() as stack:
        engine = scene.house.engine()
        stack.callback(engine.dispose)
        for name in frozen:
            stack.callback(os.kill, _freeze(scene, engine, name), signal.SIGCONT)

        def reported() -> bool:
            with engine.connect() as connection:
                query = "SELECT subject FROM escalations WHERE cause = 'system' AND resolved_at IS NULL"
                return set(connection.execute(text(query)).scalars()) >= {f"silent: {name}" for name in frozen}

        scene.desk.wait(reported, 60, "the report of the frozen processes")


def _freeze(scene: Scene, engine: Engine, name: str) -> int:
    """Stop a process, not in the middle of a write, and let its last sign of life be two minutes old; its pid."""
    past = {"name": name, "at": datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=2)}
    while True:
        scene.desk.wait(lambda: scene.desk.pid(name), 30, f"the process {name}")
        pid = scene.desk.kill(name, signal.SIGSTOP)
        try:
            with engine.begin() as connection:
                connection.execute(text("UPDATE heartbeats SET at = :at WHERE name = :name"), past)
            return pid
        except OperationalError:  # it holds SQLite's lock, and nobody could write until it wakes
            os.kill(pid, signal.SIGCONT)
