"""The power goes at the worst moments of owing and sending: each message is said at least once, its state is true."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock, outbox, tickets
from app.models import DeliveryState
from app.tickets import Contribution
from tests import forked, servers
from tests.cast import acting, alice, request_of_carol
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.lines import messages, notices, paired, send

ROOT = Path(__file__).parents[2]
POWER_CUT = 137
PROGRAM = (
    "from app import bot_api, create_app, notify\n"
    "from app.notify import telegram\n"
    "with create_app().app_context():\n"
    "    notify.drain()\n"
    "    telegram.send(bot_api.the_client())\n"
)


@pytest.mark.trust("R33")
@pytest.mark.parametrize(
    ("place", "copies"),
    [
        ("before commit", 0),  # of what is owed
        ("after commit", 0),
        ("after the bell", 0),
        ("message claimed", 0),
        ("message sent", 1),
    ],
)
def test_a_power_cut_loses_no_message(
    app: Flask,
    database_url: str,
    redis_url: str,
    tmp_path: Path,
    fake: FakeBotApi,
    carol: User,
    place: str,
    copies: int,
) -> None:
    paired(carol)
    ticket = request_of_carol()
    tickets.reply(ticket, Contribution("Смотрю"), acting(alice()), clock.now())
    outbox.commit()
    own = servers.environment(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url, **fake.settings)
    done = forked.run(PROGRAM, {**own, "PATH": os.environ["PATH"], "HELPDESK_FAILPOINT": place})
    assert done.returncode == POWER_CUT, done.stderr
    assert len(carol.texts) == copies
    send()  # a new process, which takes what the dead one held, a second later
    clock.shift(timedelta(seconds=2))
    time.sleep(1.1)
    send()
    said = [text.partition(".")[0] for text in carol.texts]
    assert said == [*["Заявка принята"] * (1 + copies), f"Заявка {ticket.number}"]
    assert [one.state for one in notices()] == [DeliveryState.ACCEPTED] * 2
    assert [(one.state, one.next_attempt_at) for one in messages(carol)] == [(DeliveryState.ACCEPTED, None)] * 2
    assert fake.weather.limits.exceeded == []
