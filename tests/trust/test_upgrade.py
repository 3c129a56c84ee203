"""A new version takes over while customers write: what was told a number is there once, and its letter leaves."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
import requests
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import text

from tests.processes.desk import free_port, running_desk
from tests.servers import UNLIMITED
from tests.trust.customer import Form
from tests.trust.house import House, built

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(240)]

_ENOUGH = 4  # requests before the stop, and as many after the start
_PAUSE = 0.2  # seconds between two tries of a customer
_GONE = "workers.reminders.run"  # a job of a version that knew more


@dataclass
class Customers:
    """Two people who report one fault after another, and press again while the desk does not answer."""

    url: str
    told: dict[str, str] = field(default_factory=dict)  # numbers by address
    over: Event = field(default_factory=Event)

    def write(self, name: str) -> None:
        count = 0
        while not self.over.is_set():
            count += 1
            self._report(f"{name}{count}@else.example")

    def _report(self, email: str) -> None:
        form = None
        while not self.over.wait(_PAUSE):
            try:
                form = form or Form(self.url, email=email)
                self.told[email] = form.number()
            except (requests.RequestException, AssertionError):
                continue
            return


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """With a port, which stays as well."""
    with built(request, tmp_path, PORT=str(free_port()), SWEEP_EVERY="3s", **UNLIMITED) as house:
        yield house


@pytest.mark.trust("R34")
def test_an_upgrade_while_customers_write_loses_and_doubles_nothing(house: House) -> None:
    customers = Customers(f"http://127.0.0.1:{house.settings['PORT']}")
    threads = [Thread(target=customers.write, args=(name,), daemon=True) for name in ("carol", "oleg")]
    with running_desk(house.folder, **house.settings) as before:
        for one in threads:
            one.start()
        before.wait(lambda: len(customers.told) >= _ENOUGH, 60, "requests before the upgrade")
        assert before.stop(signal.SIGTERM) == 0
    known = len(customers.told)
    with house.redis.client() as client:  # what the old version left to do, in the form in which it did
        queue = Queue("notify", connection=client, serializer=JSONSerializer)
        left = [queue.enqueue(name) for name in (_GONE, "workers.notify.run")]
    with running_desk(house.folder, **house.settings) as after:
        after.wait(lambda: len(customers.told) >= known + _ENOUGH, 90, "requests after the upgrade")
        customers.over.set()
        for one in threads:
            one.join(60)
        for email, number in customers.told.items():
            after.wait(lambda email=email: house.mail.to(email), 60, f"the letter about {number}")  # type: ignore[misc]
            assert [letter["X-HelpDesk-Ticket"] for letter in house.mail.to(email)] == [number]
        with house.redis.client() as client:
            assert not {job.id.encode() for job in left} & set(client.lrange("rq:queue:notify", 0, -1))
    assert _numbers(house, customers.told) == sorted(customers.told.values())


def _numbers(house: House, told: dict[str, str]) -> list[str]:
    """Of every request whose writer was told a number."""
    engine = house.engine()
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT number, applicant_email FROM tickets")).all()
    engine.dispose()
    return sorted(number for number, email in rows if email in told)
