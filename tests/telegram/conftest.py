"""Telegram for tests: the strict fake server, and an application whose bot uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock, notify
from app.bot_api import the_client
from app.extensions import db
from app.intake.telegram import dialogue, turns, updates
from app.intake.telegram.polling import Poll
from app.intake.telegram.turn import Turn
from app.models.chat import BotUpdate
from app.notify import telegram
from app.notify.telegram import pace
from tests.cast import alice, masha
from tests.telegram import fake as server
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.lines import MONDAY, of_staff


@pytest.fixture
def fake() -> Iterator[FakeBotApi]:
    """A Bot API of this test's own."""
    with server.running() as running:
        yield running


@pytest.fixture
def app(make_app: Callable[..., Flask], fake: FakeBotApi) -> Iterator[Flask]:
    """The application with a bot, its context pushed."""
    app = make_app(**fake.settings)
    with app.app_context():
        yield app


@pytest.fixture
def unpaced(fake: FakeBotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat need not wait a second between two messages, and takes them so."""
    fake.weather.limits.chat_gap = 0
    monkeypatch.setattr(pace, "CHAT_GAP", 0.0)


@pytest.fixture
def desk(make_app: Callable[..., Flask], fake: FakeBotApi, unpaced: None) -> Iterator[Flask]:
    """The application with a bot and an address of its own, on a Monday morning."""
    app = make_app(PUBLIC_URL="https://help.stekspb.ru", **fake.settings)
    with app.app_context():
        clock.shift(MONDAY - clock.now())
        yield app


@pytest.fixture
def carol(fake: FakeBotApi) -> User:
    """Carol's account in Telegram; in the desk she is tests.cast.carol()."""
    return fake.user("Ольга", "Петрова", phone="+79005550144")


@pytest.fixture
def alices(desk: Flask, fake: FakeBotApi) -> User:
    user = fake.user("Алиса")
    of_staff(user, alice())
    return user


@pytest.fixture
def mashas(desk: Flask, fake: FakeBotApi) -> User:
    user = fake.user("Мария")
    of_staff(user, masha())
    return user


@pytest.fixture
def bot(app: Flask, unpaced: None) -> Bot:
    """The bot's work in this process, turn by turn."""
    return Bot()


class Bot:
    """All that the processes of a desk do for Telegram, when a test says so."""

    def __init__(self) -> None:
        self.client = the_client()
        self._poll = Poll(self.client)

    def turn(self) -> None:
        """Fetch, answer and send until there is nothing to do; an album is waited for."""
        while self._poll.once(0):
            pass
        if self._has_album():
            clock.shift(updates.ALBUM_WAITS)
        turns.answer_received(self.client)
        notify.run()
        telegram.send(self.client)
        db.session.rollback()  # on SQLite an open transaction would keep other processes waiting

    def _has_album(self) -> bool:
        waiting = select(BotUpdate.id).where(BotUpdate.album.is_not(None), BotUpdate.work_at.is_not(None))
        found = db.session.scalar(waiting.limit(1)) is not None
        db.session.rollback()
        return found


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Turn]:
    """Every turn that the dialogue gets, in its order."""
    found: list[Turn] = []
    respond = dialogue.respond

    def listening(turn: Turn) -> str:
        found.append(turn)
        return respond(turn)

    monkeypatch.setattr(dialogue, "respond", listening)
    return found


def outcomes() -> list[str]:
    found = list(db.session.scalars(select(BotUpdate.outcome).order_by(BotUpdate.id)))
    db.session.rollback()
    return found


def undone() -> int:
    return db.session.scalar(select(func.count()).where(BotUpdate.work_at.is_not(None))) or 0
