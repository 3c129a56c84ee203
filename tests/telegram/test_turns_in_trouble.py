"""Updates that meet trouble: with files, with our own code, with a full disk; no word is lost and nobody else waits."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock, files, outbox
from app.extensions import db
from app.intake.telegram import claims, dialogue, turns, updates
from app.intake.telegram.turn import Turn
from app.models import Attachment, Cause, Escalation, Message, Ticket
from app.models.chat import BotUpdate
from tests.telegram.conftest import Bot, outcomes, undone
from tests.telegram.fake import FakeBotApi, User

Json = dict[str, Any]


def test_what_waits_holds_up_its_own_chat_only(
    bot: Bot, fake: FakeBotApi, carol: User, heard: list[Turn], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.weather.fail("getFile", status=502, chat_id=None, times=2)
    carol.document("log.txt", b"lines", "Вот журнал")
    carol.write("и ещё")
    other = fake.user("Ирина")
    other.write("у меня другое")
    bot.turn()
    assert [turn.text for turn in heard] == ["у меня другое"]
    carol.hears("Ваш текст не потерян, пробуем ещё раз")
    for _ in range(2):
        clock.shift(timedelta(seconds=16))
        bot.turn()
    assert [turn.text for turn in heard[1:]] == ["Вот журнал", "и ещё"]
    assert [file.name for file in heard[1].files] == ["log.txt"]
    assert sum("не потерян" in text for text in carol.texts) == 1


def test_a_file_that_never_comes_does_not_keep_the_words(
    bot: Bot, fake: FakeBotApi, carol: User, heard: list[Turn]
) -> None:
    fake.weather.fail("getFile", status=500, times=1000)
    carol.document("log.txt", b"lines", "Не печатает")
    for _ in range(8):
        bot.turn()
        clock.shift(timedelta(seconds=16))
    assert [(turn.text, turn.too_large) for turn in heard] == [("Не печатает", ("log.txt",))]


@pytest.mark.trust("R12")
def test_an_update_that_breaks_us_gets_three_tries_and_its_words_reach_staff(
    bot: Bot, carol: User, fake: FakeBotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    respond = dialogue.respond

    def breaking(turn: Turn) -> str:
        respond(turn)
        if "яд" in turn.text:
            raise RuntimeError("broken by the message")
        return "fine"

    monkeypatch.setattr(dialogue, "respond", breaking)
    carol.write("яд в бухгалтерии")
    carol.write("после")
    other = fake.user("Ирина")
    other.write("/start")
    bot.turn()
    assert outcomes() == ["", "", "fine"]
    for _ in range(3):
        clock.shift(timedelta(seconds=16))
        bot.turn()
    assert outcomes()[0] == "failed"
    assert undone() == 0
    ticket = db.session.scalars(select(Ticket).where(Ticket.title == "Неразобранное сообщение")).one()
    said = db.session.scalars(select(Message).where(Message.ticket_id == ticket.id)).one()
    assert "яд в бухгалтерии" in said.text
    kept = db.session.scalars(select(Attachment).where(Attachment.ticket_id == ticket.id)).one()
    assert json.loads(files.path(kept.storage_id).read_bytes())["message"]["text"] == "яд в бухгалтерии"
    assert db.session.scalars(select(Escalation.cause)).all() == [Cause.UNREADABLE]
    assert sum("не потерян" in text for text in carol.texts) == 1


def test_a_press_that_breaks_us_is_told_to_the_manager(bot: Bot, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    carol.start()
    bot.turn()
    monkeypatch.setattr(dialogue, "respond", lambda _turn: 1 / 0)
    carol.press_data("x", carol.messages[0])
    for _ in range(3):
        bot.turn()
        clock.shift(timedelta(seconds=16))
    assert outcomes()[1] == "failed"
    assert db.session.scalars(select(Escalation.cause)).all() == [Cause.SYSTEM]


@pytest.mark.trust("R28")
def test_trouble_of_ours_is_not_the_updates_fault(
    bot: Bot, carol: User, heard: list[Turn], monkeypatch: pytest.MonkeyPatch
) -> None:
    carol.document("log.txt", b"lines", "Не печатает")
    with monkeypatch.context() as broken:
        broken.setattr(files, "keep", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
        for _ in range(5):
            with pytest.raises(OSError, match="No space left"):
                bot.turn()
            clock.shift(timedelta(seconds=16))
    assert db.session.scalars(select(BotUpdate.attempts)).all() == [0]
    db.session.rollback()
    bot.turn()
    assert [turn.text for turn in heard] == ["Не печатает"]


def test_who_lost_the_lease_changes_nothing(bot: Bot, carol: User, heard: list[Turn]) -> None:
    carol.write("раз")
    updates.store(updates.from_list(bot.client.updates(0, 0)))
    mine = claims.take(claims.due()[0])
    assert mine is not None
    assert claims.due() == []
    clock.shift(claims.LEASE + timedelta(seconds=1))
    theirs = claims.take(claims.due()[0])
    assert theirs is not None
    assert claims.renew(mine) is None
    with outbox.transaction():
        assert claims.mine(mine) == []
    claims.put_back(mine, timedelta(0), "late")
    assert claims.renew(theirs) is not None


def test_a_job_stops_between_updates_when_its_time_is_up(bot: Bot, fake: FakeBotApi) -> None:
    for number in range(3):
        fake.user(str(number)).write("x")
    updates.store(updates.from_list(bot.client.updates(0, 0)))
    assert turns.answer_received(bot.client, seconds=-1) == 0
    assert turns.answer_received(bot.client, 2) == 2
    assert turns.answer_received(bot.client) == 1
