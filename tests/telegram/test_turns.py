"""From updates to answers: in order, albums as one, files with them, whatever they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock, files
from app.extensions import db
from app.intake.telegram import reading, updates
from app.intake.telegram.turn import Kind, Turn
from app.models import Chat
from tests.telegram.conftest import Bot, outcomes, undone
from tests.telegram.fake import FakeBotApi, User

Json = dict[str, Any]


def test_each_chat_is_answered_in_its_order(bot: Bot, fake: FakeBotApi, heard: list[Turn]) -> None:
    people = [fake.user(f"Человек {number}") for number in range(4)]
    for number in range(6):
        for one in people:
            one.write(f"{one.id}: {number}")
    bot.turn()
    assert undone() == 0
    for one in people:
        assert [turn.text for turn in heard if turn.chat.id == one.id] == [f"{one.id}: {n}" for n in range(6)]


def test_an_album_is_one_turn(bot: Bot, carol: User, heard: list[Turn]) -> None:
    carol.album([b"\xff\xd8one", b"\xff\xd8two", b"\xff\xd8three"], "Так это выглядит")
    bot.turn()
    assert [(turn.kind, turn.text, len(turn.files)) for turn in heard] == [(Kind.PHOTO, "Так это выглядит", 3)]
    assert outcomes()[1:] == ["album", "album"]
    assert db.session.get_one(Chat, carol.id).draft


def test_files_are_on_disk_and_too_large_ones_named(bot: Bot, carol: User, heard: list[Turn]) -> None:
    carol.photo(caption="снимок")
    carol.voice(b"OggS hello")
    carol.video()
    carol.video_note()
    carol.audio("песня.mp3")
    carol.document("образ.iso", size=(20 << 20) + 1)
    bot.turn()
    assert [turn.kind for turn in heard] == [
        *(Kind.PHOTO, Kind.VOICE, Kind.VIDEO, Kind.VIDEO, Kind.AUDIO, Kind.DOCUMENT)
    ]
    assert heard[0].files[0].type == "image/png"  # the largest size, and what it is by its content
    assert files.path(heard[1].files[0].storage_id).read_bytes() == b"OggS hello"
    assert heard[4].files[0].name == "песня.mp3"
    assert (heard[5].files, heard[5].too_large) == ((), ("образ.iso",))


def test_buttons_are_let_rest_and_know_their_message(bot: Bot, carol: User, heard: list[Turn]) -> None:
    carol.start()
    bot.turn()
    said = carol.messages[-1]
    query = carol.press_data("own::yes", said)
    carol.write("ответ", reply_to=said)
    bot.turn()
    assert carol.answer_to(query, within=0) == ""
    assert [turn.kind for turn in heard] == [Kind.TEXT, Kind.BUTTON, Kind.TEXT]
    assert (heard[0].command, heard[1].button) == ("start", "own::yes")
    assert heard[1].replied_to is not None
    assert heard[1].replied_to is heard[2].replied_to
    assert heard[2].replied_to.sent_id == said.message_id


@pytest.mark.trust("I2")
def test_only_the_senders_own_contact_is_own(bot: Bot, carol: User, heard: list[Turn]) -> None:
    carol.contact()
    carol.contact("+79001112233", "Чужой", owner=77)
    carol.contact("+79001112233", "Без телеграма")
    carol.contact(forward_origin={"type": "user"})
    bot.turn()
    found = [(turn.contact.phone, turn.contact.is_own) for turn in heard if turn.contact]
    assert found == [
        ("+79005550144", True),
        ("+79001112233", False),
        ("+79001112233", False),
        ("+79005550144", False),
    ]


def test_a_group_hears_once_that_it_is_none_of_ours(bot: Bot, fake: FakeBotApi, heard: list[Turn]) -> None:
    group = {"id": -1001, "type": "supergroup", "title": "Офис"}
    fake.world.chats[-1001] = group
    for text in ("/start", "эй, бот"):
        fake.send_raw("message", {"message_id": 1, "date": 1, "chat": group, "from": {"id": 5}, "text": text})
        bot.turn()
    fake.send_raw("channel_post", {"message_id": 1, "chat": {"id": -1002, "type": "channel"}, "text": "новости"})
    bot.turn()
    assert [said.text for said in fake.said] == [
        "Бот работает только в личной переписке. Напишите ему лично: https://t.me/StekHelpBot"
    ]
    assert (heard, outcomes()) == ([], ["group", "group"])


@pytest.mark.parametrize(
    ("kind", "content", "outcome"),
    [
        ("poll_answer", {"user": {"id": 5}}, "unknown"),
        ("a_kind_of_next_year", {"chat": {"id": 5, "type": "private"}, "text": "x"}, "unknown"),
        ("channel_post", {"chat": {"id": -100, "type": "channel"}, "text": "x"}, "channel"),
        ("message", {"chat": {"id": 5, "type": "private"}, "pinned_message": {"text": "x"}}, "service"),
        ("message", {"chat": {}, "text": "x"}, "unknown"),
        ("message", "text", "unknown"),
        ("callback_query", {"id": "1"}, "unknown"),
        ("my_chat_member", {"chat": {"id": -5, "type": "channel"}}, "left"),
    ],
)
def test_what_needs_no_answer_is_filed(bot: Bot, kind: str, content: Any, outcome: str) -> None:
    updates.store(updates.from_list([{"update_id": 7, kind: content}]))
    bot.turn()
    assert outcomes() == [outcome]
    assert undone() == 0


@pytest.mark.parametrize(
    "message",
    [
        {"dice": {"emoji": "🎲", "value": 3}},
        {"poll": {"question": "?"}},
        {"sticker": {"file_id": "x", "emoji": "👍"}},
        {"a_thing_of_next_year": {"x": 1}},
        {"text": ""},
        {"text": "\ud83d\x00"},
        {"photo": []},
        {"contact": {"phone_number": "none"}},
        {"location": {"latitude": "x"}},
    ],
)
def test_what_nobody_expects_is_answered(bot: Bot, carol: User, message: Json) -> None:
    carol._send(message)
    bot.turn()
    assert undone() == 0
    assert outcomes() != ["failed"]
    assert carol.messages


def test_a_file_of_an_unknown_kind_is_kept(bot: Bot, fake: FakeBotApi, carol: User, heard: list[Turn]) -> None:
    file_id, size = fake.world.keep_file(b"hologram")
    carol._send({"hologram": {"file_id": file_id, "file_size": size}, "caption": "Смотрите"})
    bot.turn()
    assert [(turn.kind, turn.text, len(turn.files)) for turn in heard] == [(Kind.DOCUMENT, "Смотрите", 1)]


def test_addresses_behind_words_and_places_on_maps_are_words() -> None:
    chat = {"id": 5, "type": "private"}
    link = {"type": "text_link", "offset": 0, "length": 5, "url": "https://disk.example/1"}
    told = reading.read({"message": {"chat": chat, "text": "здесь", "entities": [link]}})
    assert told.text == "здесь\nhttps://disk.example/1"
    place = {"location": {"latitude": 59.92, "longitude": 30.35}, "title": "Офис", "address": "Лиговский, 50"}
    told = reading.read({"message": {"chat": chat, "venue": place, "location": place["location"]}})
    assert told.text.splitlines()[0] == "Офис, Лиговский, 50"
    assert told.text.splitlines()[2] == "https://yandex.ru/maps/?pt=30.350000,59.920000&z=17"


def test_what_waited_at_telegram_counts_from_when_it_came_there(bot: Bot, carol: User, heard: list[Turn]) -> None:
    carol.write("Ночью упал сервер")
    wrote = clock.now()
    clock.shift(timedelta(hours=9))
    bot.turn()
    assert abs(heard[0].at - wrote) < timedelta(seconds=2)
    carol.write("Давно", date=1)  # a clock that stands still is no clock
    bot.turn()
    assert abs(heard[1].at - clock.now()) < timedelta(minutes=1)


def test_blocking_is_a_turn(bot: Bot, carol: User, heard: list[Turn], make_app: Callable[..., Flask]) -> None:
    carol.start()
    carol.block()
    bot.turn()
    assert db.session.get_one(Chat, carol.id).blocked_at is not None
    carol.unblock()
    bot.turn()
    assert db.session.get_one(Chat, carol.id, populate_existing=True).blocked_at is None
    assert [(turn.kind, turn.is_blocked) for turn in heard[1:]] == [(Kind.LEFT, True), (Kind.LEFT, False)]
