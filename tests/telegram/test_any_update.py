"""Whatever Telegram, or somebody's own client, may send: it is kept, read and brought to an end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app import outbox
from app.extensions import db
from app.intake.telegram import reading, updates
from app.intake.telegram.reading import Reading
from app.models import Escalation
from app.models.chat import BotUpdate
from tests.telegram.conftest import Bot, outcomes, undone
from tests.telegram.fake import User

TEXT = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(["/start x", "\x00", "\ud83d", "private"])
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
ANY = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
CHAT = st.fixed_dictionaries({"id": st.just(77), "type": st.just("private")}) | ANY
NAMES = (
    "text caption photo document voice sticker contact location venue entities reply_to_message media_group_id date "
    "from forward_origin new_field"
).split()
MESSAGE = st.fixed_dictionaries(
    {"chat": CHAT}, optional={name: ANY | st.fixed_dictionaries({"file_id": TEXT, "id": ANY}) for name in NAMES}
)
QUERY = st.fixed_dictionaries({"from": CHAT}, optional={"id": ANY, "data": ANY, "message": MESSAGE})
CONTENT = st.one_of(
    st.fixed_dictionaries({"message": MESSAGE}),
    st.fixed_dictionaries({"edited_message": MESSAGE}),
    st.fixed_dictionaries({"callback_query": QUERY}),
    st.fixed_dictionaries({"my_chat_member": MESSAGE}),
    st.dictionaries(TEXT, ANY, max_size=3),
)


@given(CONTENT)
def test_reading_never_fails(update: dict[str, Any]) -> None:
    known = reading.read(update)
    assert isinstance(known, Reading)
    for words in (known.text, known.name, known.button, known.argument, reading.album_of(update) or ""):
        assert "\x00" not in words
        words.encode()


@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(CONTENT)
@example({"message": {"chat": {"id": 77}, "media_group_id": "\ud83d\x00", "text": "\x00"}})
@example({"callback_query": {"id": "\x00", "from": {"id": 77}, "data": "rate:\x00\ud83d:5"}})
def test_everything_is_kept_and_brought_to_an_end(bot: Bot, update: dict[str, Any]) -> None:
    for table in ("escalations", "bot_messages", "chat_tickets", "bot_updates"):
        db.session.execute(db.text(f"DELETE FROM {table}"))
    outbox.commit()
    assert updates.store(updates.from_list([{**update, "update_id": 5}])) == 1
    bot.turn()
    assert undone() == 0
    assert outcomes() not in ([""], ["failed"])
    assert db.session.scalar(select(func.count()).select_from(Escalation)) == 0
    kept = json.loads(db.session.scalars(select(BotUpdate.raw)).one())
    db.session.rollback()
    assert json.dumps(kept) == json.dumps({**update, "update_id": 5})


@pytest.mark.parametrize("data", ["", "x", "take:1", "rate:000000:9", "rate::", ":" * 60, "send:\u202e:", "own:yes:no"])
def test_a_forged_press_is_answered(app: Flask, bot: Bot, carol: User, data: str) -> None:
    carol.start()
    bot.turn()
    query = carol.press_data(data, carol.messages[0])
    bot.turn()
    carol.answer_to(query, within=0)
    assert undone() == 0
    assert "failed" not in outcomes()
