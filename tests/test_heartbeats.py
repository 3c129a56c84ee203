"""Signs of life and rows of jobs: two that write their first at the same moment both can."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app import clock, heartbeats
from app.extensions import db
from app.models import Heartbeat, Sweep
from workers import job

A_MOMENT = 0.5  # seconds in which the other comes as far as it can


def beside_a_first(app: Flask, act: Callable[[], object]) -> list[Exception]:
    """What goes wrong with ``act`` in a thread of its own, begun before another's first rows are committed."""
    troubles: list[Exception] = []

    def run() -> None:
        with app.app_context():
            try:
                act()
            except Exception as error:  # noqa: BLE001  it is looked at
                troubles.append(error)

    hand = threading.Thread(target=run)
    with db.engine.begin() as connection:
        connection.execute(insert(Heartbeat).values(name="web", at=clock.now()))
        connection.execute(insert(Sweep).values(name="inbox", ended_at=clock.now(), done=0, error=""))
        hand.start()
        hand.join(A_MOMENT)
    hand.join()
    return troubles


def test_a_look_at_the_others_that_fails_ends_no_heartbeat(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    def look() -> None:
        looks.append(len(looks))
        raise ValueError("a fault of ours") if len(looks) == 1 else SystemExit

    monkeypatch.setattr(heartbeats, "EVERY", timedelta(0))
    with pytest.raises(SystemExit):
        heartbeats._keep_beating(app, "web", look)
    assert looks == [0, 1]


@pytest.mark.parametrize(
    "act",
    [
        lambda: heartbeats.beat("web"),
        lambda: job._note("inbox", ended_at=clock.now(), done=3, error=""),
    ],
    ids=["heartbeat", "job"],
)
def test_two_that_begin_at_once_both_write_their_row(app: Flask, act: Callable[[], object]) -> None:
    assert beside_a_first(app, act) == []
    assert db.session.scalars(select(Heartbeat.name)).all() == ["web"]
    assert db.session.scalars(select(Sweep.name)).all() == ["inbox"]
