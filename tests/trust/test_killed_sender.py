"""A sender dies with a letter in its hands: the letter leaves all the same, and a copy is known by its Message-ID."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, notify
from app.config import CONFIG_KEY
from app.extensions import db
from app.models import Delivery, DeliveryState, Notify
from tests import forked, servers
from tests.cast import neva_trade, request_of_carol
from tests.notify.mail_server import MailServer

pytestmark = pytest.mark.timeout(180)  # real processes, on a machine that others use too

CAROL = "carol@neva-trade.example"
WORKER = "from wsgi import app\nfrom app import notify\nwith app.app_context(): notify.run()"
LEASE = timedelta(seconds=30)  # after which a letter of a dead sender is due again: R19


@pytest.fixture
def desk(make_app: Callable[..., Flask], server: MailServer) -> Iterator[Flask]:
    app = make_app(MAIL_SERVER="127.0.0.1", MAIL_PORT=str(server.port), MAIL_TIMEOUT="3s")
    with app.app_context():
        yield app


def run_worker(desk: Flask, server: MailServer, failpoint: str) -> int:
    """A worker process that sends what is due, or dies at the place named; its exit status."""
    settings = desk.config[CONFIG_KEY]
    more = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port), "MAIL_TIMEOUT": "3s"}
    own = servers.environment(
        settings.data_dir, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url, **more
    )
    return forked.run(WORKER, {**own, "PATH": os.environ["PATH"], "HELPDESK_FAILPOINT": failpoint}).returncode


def only_carol() -> None:
    """One letter is owed, to Carol: her company hears nothing."""
    company = neva_trade()
    company.notify, company.notice_email = Notify.APPLICANT, ""
    db.session.commit()
    request_of_carol()


def states() -> list[DeliveryState]:
    db.session.rollback()
    return list(db.session.scalars(select(Delivery.state).where(Delivery.recipient == CAROL)))


@pytest.mark.trust("R19")
def test_killed_between_lease_and_sending(desk: Flask, server: MailServer) -> None:
    only_carol()
    assert run_worker(desk, server, "letter claimed") == 137
    assert server.to(CAROL) == []
    assert notify.run() == 0, "the lease holds still"
    db.session.rollback()
    clock.shift(LEASE)
    assert run_worker_here() == [DeliveryState.ACCEPTED]
    assert len(server.to(CAROL)) == 1


@pytest.mark.trust("R18")
def test_killed_after_the_server_took_it_and_before_that_is_written_down(desk: Flask, server: MailServer) -> None:
    only_carol()
    assert run_worker(desk, server, "letter sent") == 137
    assert len(server.to(CAROL)) == 1
    clock.shift(LEASE)
    assert run_worker_here() == [DeliveryState.ACCEPTED]
    first, copy = server.to(CAROL)
    assert first["Message-ID"] == copy["Message-ID"]
    clock.shift(timedelta(days=1))
    notify.run()
    assert len(server.to(CAROL)) == 2


@pytest.mark.trust("R5")
@pytest.mark.parametrize("place", ["before commit", "after commit"])
def test_killed_while_events_become_deliveries(desk: Flask, server: MailServer, place: str) -> None:
    only_carol()
    assert run_worker(desk, server, place) == 137
    clock.shift(LEASE)
    assert run_worker_here() == [DeliveryState.ACCEPTED]
    assert len(server.to(CAROL)) == 1


def run_worker_here() -> list[DeliveryState]:
    db.session.rollback()
    notify.run()
    return states()
