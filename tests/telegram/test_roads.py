"""Updates by either road: kept as they came, once, confirmed only after the commit; forgeries are turned away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app import clock
from app.bot_api import Client, Conflict, Unreachable, the_client
from app.extensions import db
from app.intake.telegram import road_watch, updates, webhook
from app.intake.telegram.polling import Poll
from app.intake.telegram.sole import Sole
from app.intake.telegram.webhook import Hook
from app.models import Escalation
from app.models.chat import BotUpdate
from app.troubles import Trouble
from tests.processes.desk import free_port
from tests.telegram.fake import FakeBotApi, User

HOOK = f"http://127.0.0.1:{free_port()}/telegram/of-ours"  # where nobody answers
SECRET = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def bot(app: Flask) -> Client:
    return the_client()


def kept() -> list[BotUpdate]:
    found = list(db.session.scalars(select(BotUpdate).order_by(BotUpdate.id)))
    db.session.rollback()
    return found


def count() -> int:
    return len(kept())


def test_what_was_committed_is_confirmed_by_the_next_question(bot: Client, fake: FakeBotApi, carol: User) -> None:
    carol.write("раз")
    carol.write("два")
    poll = Poll(bot)
    assert poll.once(0) == 2
    assert len(fake.world.updates) == 2  # not forgotten yet: we could die before the commit
    assert Poll(bot).once(0) == 0  # who died after it gets them again, and keeps them once
    assert poll.once(0) == 0
    assert len(fake.world.updates) == 0
    assert [json.loads(row.raw)["message"]["text"] for row in kept()] == ["раз", "два"]
    assert {(row.chat_id, row.album, row.attempts) for row in kept()} == {(carol.id, None, 0)}


def test_nothing_is_confirmed_that_was_not_committed(bot: Client, fake: FakeBotApi, carol: User) -> None:
    carol.write("раз")
    poll = Poll(bot)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left")

    event.listen(db.session, "before_commit", full)
    try:
        with pytest.raises(OSError, match="No space left"):
            poll.once(0)
    finally:
        event.remove(db.session, "before_commit", full)
    db.session.rollback()
    assert count() == 0
    assert poll.once(0) == 1


@pytest.mark.trust("I1")
def test_ids_of_another_bot_hide_nothing(bot: Client, fake: FakeBotApi, carol: User) -> None:
    fake.send_again({"update_id": 5, "message": {"text": "от старого бота"}})
    fake.send_again({"update_id": 5, "message": {"text": "от нового"}})
    for _ in range(3):
        updates.store(updates.from_list(bot.updates(0, 0)))
    assert sorted(json.loads(row.raw)["message"]["text"] for row in kept()) == ["от нового", "от старого бота"]


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        None,
        "text",
        {"chat": {"id": "x"}, "from": 7},
        {"chat": {"id": 1 << 70, "type": "private"}, "text": "\ud83d \x00 \u2028"},
        {"message": {"chat": {"id": 5}}},
        {"media_group_id": 17, "photo": "x", "chat": {"id": True}},
    ],
)
@pytest.mark.parametrize("kind", ["message", "callback_query", "my_chat_member", "a_kind_of_next_year"])
def test_any_update_whatever_is_kept(app: Flask, kind: str, content: Any) -> None:
    assert updates.store(updates.from_list([{"update_id": 7, kind: content}])) == 1
    assert updates.store(updates.from_list([{"update_id": 7, kind: content}])) == 0
    assert [json.loads(row.raw)[kind] for row in kept()] == [content]


def test_the_parts_of_an_album_wait_for_each_other(bot: Client, carol: User) -> None:
    poll = Poll(bot)
    carol.photo(album="17")
    poll.once(0)
    clock.shift(timedelta(seconds=1))
    carol.photo(album="17")
    poll.once(0)
    assert len({row.work_at for row in kept()}) == 1
    assert all(row.work_at == kept()[1].received_at + updates.ALBUM_WAITS for row in kept())


def test_a_webhook_left_from_before_is_deleted_where_we_ask_ourselves(
    bot: Client, fake: FakeBotApi, carol: User
) -> None:
    bot.set_webhook("https://old.example/hook", "s")
    poll = Poll(bot)
    with pytest.raises(Conflict):
        poll.once(0)
    carol.write("раз")
    assert poll.once(0) == 1


@pytest.fixture
def hooked(make_app: Callable[..., Flask], fake: FakeBotApi) -> Iterator[Flask]:
    app = make_app(TELEGRAM_WEBHOOK=HOOK, **fake.settings)
    with app.app_context():
        yield app


def post(client: FlaskClient, body: Any, secret: str | None) -> int:
    headers = {} if secret is None else {SECRET: secret}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/telegram/of-ours", data=data, headers=headers).status_code


@pytest.mark.trust("I1")
def test_a_forged_webhook_is_turned_away(hooked: Flask) -> None:
    client = hooked.test_client()
    update = {"update_id": 1, "message": {"text": "x"}}
    for forged in (None, "", "x", webhook.secret()[:-1], webhook.secret().upper(), "я"):
        assert post(client, update, forged) == 403
    assert client.get("/telegram/of-ours").status_code == 405
    assert count() == 0
    for _ in range(3):
        assert post(client, update, webhook.secret()) == 200
    assert count() == 1


def test_what_is_no_update_is_refused(hooked: Flask) -> None:
    client = hooked.test_client()
    for body in (b"", b"{", b"[]", b"\xff", {"update_id": "x"}, {"update_id": True}):
        assert post(client, body, webhook.secret()) == 400
    assert post(client, b" " * (webhook.LONGEST + 1), webhook.secret()) == 413
    assert count() == 0


def test_without_a_bot_nobody_is_genuine(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        given = {SECRET: webhook.secret()}
        assert app.test_client().post("/telegram/updates", json={"update_id": 1}, headers=given).status_code == 403


def test_the_desk_sees_to_its_webhook(hooked: Flask, fake: FakeBotApi) -> None:
    bot = the_client()
    bot.set_webhook(HOOK, "the-secret-of-yesterday")
    mine = Hook(bot)
    assert mine.see_to_it() == ""
    hook = fake.world.hook
    assert hook is not None
    assert (hook.url, hook.secret) == (HOOK, webhook.secret())
    fake.send_raw("message", {})
    fake.wait(lambda: hook.last_error)
    assert "refused" in mine.see_to_it()
    fake.world.updates.clear()
    assert mine.see_to_it() == ""  # nothing waits: it is over
    bot.delete_webhook()
    mine.see_to_it()
    assert fake.world.hook is not None


def test_one_process_asks_at_a_time(app: Flask) -> None:
    first, second = Sole(), Sole()
    assert first.is_mine()
    assert first.is_mine()
    assert not second.is_mine()
    first.give_up()
    assert second.is_mine()
    assert not first.is_mine()
    second.give_up()


def test_the_manager_hears_of_a_long_silence_and_of_its_end(bot: Client, fake: FakeBotApi) -> None:
    def alerts() -> int:
        found = db.session.scalar(
            select(func.count()).where(Escalation.subject == Trouble.TELEGRAM, Escalation.resolved_at.is_(None))
        )
        db.session.rollback()
        return found or 0

    road_watch.heard()
    fake.close()
    for minutes in (1, 13, 5):
        assert alerts() == 0
        clock.shift(timedelta(minutes=minutes))
        with pytest.raises(Unreachable) as raised:
            Poll(bot).once(0)
        road_watch.silent(str(raised.value))
    assert alerts() == 1
    road_watch.silent("again")
    assert alerts() == 1
    road_watch.heard()
    assert alerts() == 0
