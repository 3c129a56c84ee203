"""The client of the Bot API: what it asks, what it makes of every kind of trouble, and how texts are cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bot_api import (
    Blocked,
    BotApiError,
    Client,
    Conflict,
    Moved,
    Refused,
    RetryAfter,
    TooBig,
    Unreachable,
    length,
    reply_markup,
    split,
)
from tests.processes.desk import free_port
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.fake.people import PNG


@pytest.fixture
def bot(fake: FakeBotApi) -> Client:
    fake.weather.limits.chat_gap = 0
    return Client(fake.url, fake.token)


@pytest.fixture
def chat(carol: User) -> int:
    carol.start()
    return carol.id


def test_a_conversation(fake: FakeBotApi, bot: Client, carol: User, chat: int) -> None:
    assert bot.me()["username"] == "StekHelpBot"
    update = bot.updates(0, 0)[0]
    assert bot.updates(update["update_id"] + 1, 0) == []
    keys = reply_markup(keyboard=[[{"text": "Передать номер", "contact": True}]])
    bot.send_message(chat, "Здравствуйте!", reply_markup=keys, reply_to=update["message"]["message_id"])
    assert (carol.messages[0].reply_to, carol.keyboard) == (
        1,
        [[{"text": "Передать номер", "request_contact": True}]],
    )
    buttons = [[{"text": "Да", "data": "own::yes"}], [{"text": "Сайт", "url": "https://help.example/r/1"}]]
    bot.send_message(chat, "Всё верно?", reply_markup=reply_markup(buttons))
    assert carol.messages[1].labels == ["Да", "Сайт"]
    query = carol.press("Да")
    bot.answer_press(query, "Хорошо")
    assert carol.answer_to(query) == "Хорошо"
    bot.send_message(chat, "Пока", reply_markup=reply_markup(keyboard=[]), reply_to=777)
    assert carol.keyboard == []


def test_files(fake: FakeBotApi, bot: Client, carol: User, chat: int, tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(PNG)
    bot.send_photo(chat, tmp_path / "1", "снимок.png", caption="Так выглядит")
    bot.send_document(chat, tmp_path / "1", "акт.png", reply_markup=reply_markup([[{"text": "Да", "data": "x"}]]))
    assert [(said.kind, said.file_name, said.content) for said in carol.messages] == [
        ("photo", "снимок.png", PNG),
        ("document", "акт.png", PNG),
    ]
    (tmp_path / "2").write_bytes(b"no picture")
    with pytest.raises(Refused, match="IMAGE_PROCESS_FAILED"):
        bot.send_photo(chat, tmp_path / "2", "x.png")
    carol.document("log.txt", b"lines" * 100_000)
    carol.document("film.mkv", size=30 << 20)
    files = [update["message"]["document"]["file_id"] for update in bot.updates(-2, 0)]
    with bot.file(files[0]) as stream:
        assert b"".join(iter(lambda: stream.read(65536), b"")) == b"lines" * 100_000
    with pytest.raises(TooBig), bot.file(files[1]):
        pass
    fake.weather.drop("file")
    with pytest.raises(Unreachable), bot.file(files[0]):
        pass


def test_every_trouble_has_its_name(fake: FakeBotApi, bot: Client, carol: User, chat: int) -> None:
    def trouble() -> BotApiError:
        with pytest.raises(BotApiError) as raised:
            bot.send_message(chat, "x")
        assert fake.token not in str(raised.value)
        return raised.value

    weather = fake.weather
    weather.slow_down(9)
    assert isinstance(found := trouble(), RetryAfter)
    assert found.seconds == 9
    for status in (500, 502, 401, 404):
        weather.fail(status=status)
        assert isinstance(trouble(), Unreachable)
    weather.fail(status=400, words="Bad Request: group chat was upgraded to a supergroup chat")
    assert isinstance(trouble(), Refused)
    weather.cut()
    assert isinstance(found := trouble(), Unreachable)
    assert found.is_unsure
    assert carol.texts == ["x"]
    fake.world.moved[chat] = -100500
    assert isinstance(found := trouble(), Moved)
    assert found.chat_id == -100500
    fake.world.moved.clear()
    carol.block()
    assert isinstance(trouble(), Blocked)
    carol.unblock()
    with pytest.raises(Blocked, match="chat not found"):
        bot.send_message(1, "x")
    bot.set_webhook(f"{fake.url}/nowhere", "secret")
    with pytest.raises(Conflict):
        bot.updates(0, 0)


def test_who_is_not_there_was_handed_nothing() -> None:
    with pytest.raises(Unreachable) as raised:
        Client(f"http://127.0.0.1:{free_port()}", "1:secret").me()
    assert not raised.value.is_unsure
    assert str(raised.value) == "getMe: no connection"


@pytest.mark.parametrize(
    ("text", "most", "pieces"),
    [
        ("", 5, []),
        ("  коротко ", 9, ["коротко"]),
        ("раз два три", 8, ["раз два", "три"]),
        ("один абзац\n\nдругой", 14, ["один абзац", "другой"]),
        ("неделимо", 3, ["нед", "ели", "мо"]),
        ("\U0001f600\U0001f600\U0001f600", 4, ["\U0001f600\U0001f600", "\U0001f600"]),
    ],
)
def test_texts_are_cut_at_words(text: str, most: int, pieces: list[str]) -> None:
    assert split(text, most) == pieces


@given(st.text(alphabet="аб .\n\U0001f600", max_size=300), st.integers(2, 40))
def test_nothing_of_a_text_is_lost(text: str, most: int) -> None:
    pieces = split(text, most)
    assert all(0 < length(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
