"""What one chat can cost the desk: files within limits, deaths counted, leases bounded; its language and its menu."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, files
from app.extensions import db
from app.intake.telegram import claims, turns
from app.models import BotUpdate, Chat, Ticket
from tests.telegram.conftest import Bot, outcomes
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.fake.people import PNG
from workers.bot import Road

pytestmark = pytest.mark.timeout(60)


def draft(user: User) -> dict[str, Any]:
    db.session.expire_all()
    return db.session.get_one(Chat, user.id).draft


def stored() -> int:
    return sum(len(files.in_folder(folder)) for folder in files.folders())


def test_a_request_takes_ten_files_and_no_more_stay_on_the_disk(app: Flask, bot: Bot, carol: User):
    carol.write("Не печатает принтер")
    for number in range(12):
        carol.document(f"{number}.txt", f"файл {number}".encode())
    bot.turn()
    assert len(draft(carol)["files"]) == 10
    assert stored() == 10
    carol.hears("К одной заявке можно приложить не больше 10 файлов", within=1)


def test_a_chat_sends_as_many_files_an_hour_as_a_form(make_app: Callable[..., Flask], fake: FakeBotApi, carol: User):
    with make_app(UPLOAD_LIMIT="3 per hour", **fake.settings).app_context():
        bot = Bot()
        carol.write("Не печатает принтер")
        carol.album([PNG + bytes([number]) for number in range(5)])
        bot.turn()
        assert [len(draft(carol)["files"]), stored()] == [3, 3]
        carol.hears("Из этого чата пришло слишком много файлов подряд", within=1)
        carol.document("ещё.txt")
        bot.turn()
        assert stored() == 3
        clock.shift(timedelta(hours=1, minutes=1))
        carol.document("снова.txt")
        bot.turn()
        assert stored() == 4


class _Death(BaseException):
    """What no worker catches."""


def test_an_update_at_which_the_worker_dies_ends_before_staff(
    app: Flask, bot: Bot, carol: User, monkeypatch: pytest.MonkeyPatch
):
    carol.write("Не печатает принтер")

    def dying(*_given: object) -> None:
        raise _Death

    monkeypatch.setattr(turns._Work, "do", dying)
    for _ in range(claims.MOST_DEATHS):
        with pytest.raises(_Death):
            bot.turn()
        db.session.rollback()
        clock.shift(claims.LEASE + timedelta(seconds=1))
    bot.turn()
    ticket = db.session.scalars(select(Ticket)).one()
    assert (ticket.title, outcomes()) == ("Неразобранное сообщение", ["failed"])
    assert "Не печатает принтер" in ticket.what


def test_a_lease_from_before_the_clock_was_set_back_ends(app: Flask, bot: Bot, carol: User):
    clock.shift(timedelta(days=30))
    carol.write("Не печатает принтер")
    bot._poll.once(0)
    [due] = claims.due()
    assert claims.take(due)  # and dies
    clock.shift(-timedelta(days=30))
    bot.turn()
    assert draft(carol)["text"] == "Не печатает принтер"
    assert db.session.scalars(select(BotUpdate.work_at)).one() is None


def test_a_chat_is_greeted_in_the_language_of_its_user(app: Flask, bot: Bot, fake: FakeBotApi):
    for language, hello in (("en", "Hello"), ("en-GB", "Hello"), ("ru", "Здравствуйте"), ("kk", "Здравствуйте")):
        user = fake.user("Sam", language=language)
        user.start()
        bot.turn()
        user.hears(hello, within=1)


def test_telegram_is_told_the_commands_once(app: Flask, bot: Bot, fake: FakeBotApi):
    road = Road(bot.client)
    road.hear(0)
    road.hear(0)
    assert set(fake.world.commands) == {"ru", "en", ""}
    assert fake.world.commands["en"]["new"] == "New request"
    assert fake.world.commands[""]["new"] == fake.world.commands["ru"]["new"] == "Новая заявка"
    assert len([call for call in fake.world.calls if call.method == "setMyCommands"]) == 3


def test_a_menu_that_telegram_refuses_stops_nothing(app: Flask, bot: Bot, fake: FakeBotApi, carol: User):
    fake.weather.slow_down(5, "setMyCommands")
    carol.write("Не печатает принтер")
    road = Road(bot.client)
    assert road.hear(0) == ""
    assert db.session.scalars(select(BotUpdate.id)).one()
