"""The power goes at the worst moments of sending: each letter leaves at least once, always under its own id."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock, notify
from app.models import DeliveryState
from tests import forked, servers
from tests.cast import request_of_carol
from tests.notify.mail_server import MailServer
from tests.notify.rows import CAROL, OFFICE, states

ROOT = Path(__file__).parents[2]
POWER_CUT = 137


@pytest.mark.parametrize(
    ("place", "copies"),
    [
        pytest.param("letter claimed", 0, marks=pytest.mark.trust("R19")),
        pytest.param("letter sent", 1, marks=pytest.mark.trust("R18")),
    ],
)
def test_a_power_cut_loses_no_letter(
    make_app: Callable[..., Flask],
    database_url: str,
    redis_url: str,
    tmp_path: Path,
    server: MailServer,
    place: str,
    copies: int,
) -> None:
    mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port), "MAIL_TIMEOUT": "3s"}
    with make_app(**mail).app_context():
        request_of_carol()
        own = servers.environment(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url, **mail)
        program = "from app import create_app, notify\nwith create_app().app_context(): notify.run()"
        done = forked.run(program, {**own, "PATH": os.environ["PATH"], "HELPDESK_FAILPOINT": place})
        assert done.returncode == POWER_CUT, done.stderr
        assert len(server.taken) == copies
        notify.run()
        clock.shift(timedelta(seconds=30))  # the lease of the dead ends
        notify.run()
        assert Counter(one.recipient for one in server.taken) == {CAROL: 1 + copies, OFFICE: 1}
        assert len({one.letter["Message-ID"] for one in server.taken}) == 2
        assert states() == [DeliveryState.ACCEPTED]
