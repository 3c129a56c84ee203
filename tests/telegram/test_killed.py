"""The bot dies between any two steps, or several work at once: each message is answered once, and none is lost."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.config import CONFIG_KEY
from app.extensions import db
from app.intake.telegram import claims, reading, settling, turns, updates, webhook
from app.models import Chat
from app.models.chat import BotMessage, BotUpdate
from tests import forked
from tests.servers import environment
from tests.telegram.conftest import Bot
from tests.telegram.fake import FakeBotApi, User

ROOT = Path(__file__).resolve().parent.parent.parent
_BEGIN = (
    "from wsgi import app\nfrom app.bot_api import the_client\nfrom app.intake.telegram import polling, turns\n"
    "from app.notify import telegram\nwith app.app_context():\n client = the_client()\n"
)
ASK = _BEGIN + " polling.Poll(client).once(0)"
ANSWER = _BEGIN + " turns.answer_received(client)"
SEND = _BEGIN + " telegram.send(client)"


def own(app: Flask) -> dict[str, str]:
    """The environment of a process of this test's desk."""
    settings = app.config[CONFIG_KEY]
    bot = {"TELEGRAM_BOT_TOKEN": settings.telegram_bot_token, "TELEGRAM_API_URL": settings.telegram_api_url}
    known = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    return {**environment(settings.data_dir, **known, **bot), "PATH": os.environ["PATH"]}


def run(app: Flask, code: str, failpoint: str = "") -> int:
    """Run a process of the desk on the test's database; its exit status."""
    done = forked.run(code, {**own(app), "HELPDESK_FAILPOINT": failpoint})
    assert done.returncode in {0, 137}, done.stderr[-2000:]
    return done.returncode


def count(model: type) -> int:
    found = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.rollback()  # on SQLite an open transaction would keep the other processes waiting
    return found


@pytest.mark.trust("R33")
@pytest.mark.trust("R2")
@pytest.mark.parametrize(
    ("failpoint", "kept"), [("updates fetched", 0), ("updates before commit", 0), ("updates after commit", 1)]
)
def test_killed_while_asking(app: Flask, bot: Bot, carol: User, failpoint: str, kept: int) -> None:
    carol.write("Не печатает принтер")
    assert run(app, ASK, failpoint) == 137
    assert count(BotUpdate) == kept
    assert run(app, ASK) == 0
    assert run(app, ASK) == 0
    assert count(BotUpdate) == 1
    bot.turn()
    assert db.session.get_one(Chat, carol.id).draft["text"] == "Не печатает принтер"
    assert len(carol.messages) == 1


@pytest.mark.trust("R33")
@pytest.mark.trust("R2")
@pytest.mark.parametrize(
    "failpoint", ["update claimed", "update files kept", "update before answered", "update answered"]
)
def test_killed_while_answering(app: Flask, bot: Bot, carol: User, failpoint: str) -> None:
    carol.photo(caption="Не печатает принтер")
    assert run(app, ASK) == 0
    assert run(app, ANSWER, failpoint) == 137
    assert count(BotMessage) == (1 if failpoint == "update answered" else 0)
    bot.turn()
    clock.shift(claims.LEASE + timedelta(seconds=1))
    bot.turn()
    bot.turn()
    assert len(carol.messages) == count(BotMessage) == 1
    draft = db.session.get_one(Chat, carol.id).draft
    assert (draft["text"], len(draft["files"])) == ("Не печатает принтер", 1)


@pytest.mark.trust("R33")
@pytest.mark.parametrize(("failpoint", "copies"), [("message claimed", 1), ("message sent", 2)])
def test_killed_while_sending(app: Flask, bot: Bot, carol: User, failpoint: str, copies: int) -> None:
    """Between Telegram's yes and our note of it nobody can know: then a message is said twice, never not at all."""
    carol.start()
    assert run(app, ASK) == 0
    assert run(app, ANSWER) == 0
    assert run(app, SEND, failpoint) == 137
    clock.shift(timedelta(minutes=1))
    bot.turn()
    assert len(carol.messages) == copies


def test_an_answer_to_the_copy_that_we_know_nothing_of_finds_its_message(app: Flask, bot: Bot, carol: User) -> None:
    carol.start()
    assert run(app, ASK) == 0
    assert run(app, ANSWER) == 0
    assert run(app, SEND, "message sent") == 137
    clock.shift(timedelta(minutes=1))
    bot.turn()
    first, second = carol.messages
    assert first.text == second.text
    for number, said in enumerate((first, second)):
        carol.write(f"ответ {number}", reply_to=said)
        found = settling._replied_to(reading.read(bot.client.updates(-1, 0)[0]))
        assert found is not None
        assert found.sent_id == second.message_id


@pytest.mark.trust("I1")
@pytest.mark.trust("R3")
def test_a_repeated_post_is_one_message(
    make_app: Callable[..., Flask], fake: FakeBotApi, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(TELEGRAM_WEBHOOK="https://localhost/telegram/hook", **fake.settings)
    carol.write("Не печатает принтер")
    update = fake.world.updates[0]
    headers = {}
    with app.app_context():
        headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret()
        bot = Bot()
    for _ in range(3):  # each answer was lost on its way
        answer = app.test_client().post("/telegram/hook", json=update, headers=headers)
        assert answer.status_code == 200
    with app.app_context():
        assert turns.answer_received(bot.client) == 1
        assert count(BotUpdate) == count(BotMessage) == 1


@pytest.mark.trust("R20")
def test_many_at_once_have_one_effect(app: Flask, bot: Bot, fake: FakeBotApi) -> None:
    people = [fake.user(f"Человек {number}") for number in range(12)]
    for number in range(4):
        for one in people:
            one.write(f"слова {number}")
    for one in people:
        one.album([b"\xff\xd8one", b"\xff\xd8two"], "альбом")
    assert run(app, ASK) == 0
    time.sleep(updates.ALBUM_WAITS.total_seconds())
    workers = [forked.begin(ANSWER, own(app)) for _ in range(3)]
    assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    bot.turn()
    assert count(BotUpdate) == 12 * 6
    assert db.session.scalar(select(func.max(BotUpdate.attempts))) == 1
    for one in people:
        rows = db.session.execute(
            select(BotUpdate.outcome, BotUpdate.raw).where(BotUpdate.chat_id == one.id).order_by(BotUpdate.id)
        ).all()
        assert [row.outcome for row in rows].count("album") == 1
        assert [json.loads(row.raw)["message"].get("text") for row in rows[:4]] == [f"слова {n}" for n in range(4)]
