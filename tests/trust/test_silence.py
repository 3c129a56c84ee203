"""A part of the desk goes silent: the manager sees it within two minutes, once, until it is heard again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, heartbeats
from app.config import CONFIG_KEY
from app.extensions import db
from app.models import Cause, Escalation
from app.silence_watch import GRACE, Watch
from tests import servers
from tests.processes.desk import ROOT

pytestmark = pytest.mark.timeout(180)  # real processes, on a machine that others use too

TWO_MINUTES = timedelta(minutes=2)
BEATING = (
    "import sys, time; from wsgi import app; from app import heartbeats\n"
    "heartbeats.EVERY = heartbeats.EVERY / 20\n"
    "heartbeats.start(app, 'mail')\n"
    "time.sleep(120)"
)


def troubles() -> list[str]:
    """Open escalations of the desk itself."""
    query = select(Escalation.subject).where(Escalation.cause == Cause.SYSTEM, Escalation.resolved_at.is_(None))
    found = list(db.session.scalars(query.order_by(Escalation.subject)))
    db.session.rollback()
    return found


def time_passes(watches: list[Watch], by: timedelta, silent: str = "") -> None:
    """Everybody beats and looks every ten seconds, except the one that is silent."""
    for _ in range(by // heartbeats.EVERY):
        clock.shift(heartbeats.EVERY)
        for name in heartbeats.PROCESSES:
            if name != silent:
                heartbeats.beat(name)
        for watch in watches:
            watch.look()


@pytest.mark.trust("R38")
@pytest.mark.parametrize("name", heartbeats.PROCESSES)
def test_a_silent_part_is_reported_once_and_settled_when_it_is_heard(app: Flask, name: str) -> None:
    watches = [Watch(), Watch()]
    time_passes(watches, timedelta(minutes=1))
    assert troubles() == []
    time_passes(watches, TWO_MINUTES, silent=name)
    assert troubles() == [f"silent: {name}"]
    time_passes(watches, timedelta(seconds=20))
    assert troubles() == []


def test_a_desk_that_starts_or_wakes_accuses_nobody(app: Flask) -> None:
    watch = Watch()
    watch.look()
    time_passes([watch], GRACE)
    clock.shift(timedelta(days=1))  # the machine slept
    watch.look()
    time_passes([watch], timedelta(minutes=1))
    assert db.session.scalars(select(Escalation)).all() == []


@pytest.mark.trust("R38")
def test_a_frozen_process_is_silent(app: Flask) -> None:
    settings = app.config[CONFIG_KEY]
    own = servers.environment(settings.data_dir, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)
    process = subprocess.Popen([sys.executable, "-c", BEATING], env={**own, "PATH": os.environ["PATH"]}, cwd=ROOT)
    try:
        wait_until(lambda: "mail" in heard())
        process.send_signal(signal.SIGSTOP)
        last = heard()["mail"]
        time.sleep(1)  # twice as long as it lets pass between two beats
        assert heard()["mail"] - last < timedelta(seconds=0.5)
        watch = Watch()
        time_passes([watch], TWO_MINUTES, silent="mail")
        assert troubles() == ["silent: mail"]
        clock.shift(-TWO_MINUTES)
        process.send_signal(signal.SIGCONT)
        wait_until(lambda: heard()["mail"] > last + timedelta(seconds=1))
    finally:
        process.kill()
        process.wait(10)


def heard() -> dict[str, datetime]:
    found = heartbeats.last()
    db.session.rollback()
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
