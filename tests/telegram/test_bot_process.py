"""The bot's process as the supervisor starts it: two take turns, a dead one's work is done all the same."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import bell, clock, heartbeats
from app.config import read
from app.errors import BadSetting
from app.extensions import db
from app.models import Sweep
from app.models.chat import BotUpdate
from tests.processes.desk import ROOT
from tests.servers import environment
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.test_killed import own
from workers import bot as bot_process
from workers import clock as clock_process
from workers import house, job

pytestmark = pytest.mark.timeout(120)  # real processes, on a machine that others use too

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(app: Flask) -> Iterator[Start]:
    """Start `python -m workers.bot` on this test's database."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(**settings: str) -> subprocess.Popen[bytes]:
        begun = subprocess.Popen([sys.executable, "-m", "workers.bot"], env={**own(app), **settings}, cwd=ROOT)
        started.append(begun)
        return begun

    yield begin
    for one in started:
        one.kill()
        one.wait(10)


def undone() -> int:
    found = db.session.scalar(select(func.count()).where(BotUpdate.work_at.is_not(None))) or 0
    db.session.rollback()
    return found


def test_it_answers_soon_and_no_faster_than_it_may(start: Start, fake: FakeBotApi, carol: User) -> None:
    start()
    carol.start()
    carol.hears("Здравствуйте", within=30)
    spent = []
    for number in range(5):
        time.sleep(1.2)  # a message a second is all that a chat gets
        began = time.monotonic()
        carol.write(f"/my {number}")
        carol.hears("Открытых заявок нет")
        spent.append(time.monotonic() - began)
    assert sorted(spent)[2] < 10.0  # a poll is 25 s; how fast it is on a quiet machine, bin/bench telegram says
    assert fake.weather.limits.exceeded == []
    assert fake.called("getUpdates")[-1].params["timeout"] == 25


@pytest.mark.trust("R33")
def test_two_take_turns_and_the_second_goes_on_for_the_first(start: Start, fake: FakeBotApi, carol: User) -> None:
    first = start()
    carol.start()
    carol.hears("Здравствуйте", within=30)
    second = start()
    time.sleep(3)
    assert [call.description for call in fake.called("getUpdates") if call.status == 409] == []
    first.kill()
    first.wait(10)
    carol.write("/my")
    carol.hears("Открытых заявок нет", within=30)
    second.send_signal(signal.SIGTERM)
    assert second.wait(25) == 0
    assert sum("Здравствуйте" in text for text in carol.texts) == 1


def test_a_telegram_that_comes_back_finds_everybody_waiting(start: Start, fake: FakeBotApi, carol: User) -> None:
    start()
    carol.start()
    carol.hears("Здравствуйте", within=30)
    fake.close()
    time.sleep(1)
    carol.write("/my")
    time.sleep(2)
    fake.open()
    carol.hears("Открытых заявок нет", within=30)


def test_without_a_token_it_ends_quietly(start: Start) -> None:
    assert start(TELEGRAM_BOT_TOKEN="").wait(30) == 0


@pytest.fixture
def as_a_process(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application as the clock's process makes it."""
    for name, value in own(app).items():
        monkeypatch.setenv(name, value)
    house.desk_app.cache_clear()
    monkeypatch.setattr(job, "_noted", {})
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    monkeypatch.setattr(bot_process, "_standing_in", None)  # another test's, with another Telegram
    with house.desk_app().app_context():
        yield house.desk_app()
        db.session.remove()
        db.engine.dispose()
    house.desk_app.cache_clear()


@pytest.mark.trust("R38")
def test_the_clock_stands_in_for_a_dead_bot(as_a_process: Flask, fake: FakeBotApi, carol: User) -> None:
    carol.start()
    watch = clock_process.Watch()
    duty = watch.duties[-1]
    watch.turn(timedelta(seconds=10))
    assert duty.thread is None
    clock.shift(timedelta(seconds=30))
    watch.turn(timedelta(seconds=10))
    assert duty.thread is not None
    duty.thread.join(30)
    assert carol.hears("Здравствуйте").labels == []
    assert db.session.get_one(Sweep, "telegram").done
    assert not fake.world.updates


@pytest.mark.trust("R38")
def test_a_silent_bot_is_missed_where_there_is_one(app: Flask, make_app: Callable[..., Flask]) -> None:
    assert "bot" in heartbeats.silent()
    db.session.rollback()
    heartbeats.beat("bot")
    assert "bot" not in heartbeats.silent()
    db.session.rollback()
    with make_app().app_context():
        assert "bot" not in heartbeats.silent()


def test_flask_telegram_shows_and_sets_the_webhook(make_app: Callable[..., Flask], fake: FakeBotApi) -> None:
    def said(act: str, **settings: str) -> str:
        app = make_app(**{**fake.settings, **settings})
        return app.test_cli_runner().invoke(args=["telegram", "webhook", act]).output

    assert "none, the bot asks for updates" in said("show")
    assert "TELEGRAM_WEBHOOK is not set" in said("set")
    assert "https://help.example/telegram/u" in said("set", TELEGRAM_WEBHOOK="https://help.example/telegram/u")
    assert fake.world.hook
    assert "none" in said("delete")
    assert "TELEGRAM_BOT_TOKEN is not set" in said("show", TELEGRAM_BOT_TOKEN="")
    assert fake.token not in said("show", TELEGRAM_API_URL="http://127.0.0.1:1")


def test_the_desk_has_no_webhook_of_a_bare_address() -> None:
    for wrong in ("https://help.example", "https://help.example/", "help.example/x", "https://help.example/a?b=1"):
        with pytest.raises(BadSetting, match="TELEGRAM_WEBHOOK"):
            read(environment(ROOT, TELEGRAM_WEBHOOK=wrong))
