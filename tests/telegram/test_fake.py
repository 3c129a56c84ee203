"""The fake Bot API refuses what the real one refuses, and keeps what it must keep."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import requests

from tests.telegram.fake import FakeBotApi, User

PNG = bytes.fromhex("89504e470d0a1a0a")


def call(fake: FakeBotApi, method: str, **params: Any) -> dict[str, Any]:
    answer = requests.post(f"{fake.url}/bot{fake.token}/{method}", json=params, timeout=20)
    told: dict[str, Any] = answer.json()
    assert answer.status_code == (200 if told["ok"] else told["error_code"])
    return told


def refusal(fake: FakeBotApi, method: str, **params: Any) -> str:
    told = call(fake, method, **params)
    assert not told["ok"]
    return str(told["description"])


@pytest.fixture
def chat(carol: User) -> int:
    carol.start()
    return carol.id


def button(**about: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Да", **about}]]}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "я" * 4097}, "message is too long"),
        ({"text": "\U0001f600" * 2049}, "message is too long"),  # two units each
        ({"text": 7}, "text must be a string"),
        ({"text": "x", "parse_mod": "HTML"}, "this method has no parameter parse_mod"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply_markup: it is not JSON"),
        ({"text": "x", "reply_markup": []}, "object expected as reply markup"),
        ({"text": "x", "reply_markup": button()}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_markup": button(callback_data="я" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": button(callback_data="a", url="https://a.example")}, "Text buttons are"),
        ({"text": "x", "reply_markup": button(url="http://localhost/r/1")}, "Wrong HTTP URL"),
        ({"text": "x", "reply_markup": button(text="", callback_data="a")}, "its text is empty"),
        ({"text": "x", "reply_markup": {"keyboard": []}}, "reply keyboard must not be empty"),
        ({"text": "x", "reply_markup": {"keyboard": [[{"text": "a", "contact": True}]]}}, "no field contact"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ],
)
def test_a_message_that_the_real_one_refuses(fake: FakeBotApi, chat: int, params: dict[str, Any], words: str) -> None:
    assert words in refusal(fake, "sendMessage", chat_id=chat, **params)
    assert fake.said == []


def test_whom_the_bot_may_not_write_to(fake: FakeBotApi, carol: User, chat: int) -> None:
    assert "chat not found" in refusal(fake, "sendMessage", chat_id=42, text="x")
    silent = fake.user("Mallory")
    assert "can't initiate conversation" in refusal(fake, "sendMessage", chat_id=silent.id, text="x")
    carol.block()
    assert refusal(fake, "sendMessage", chat_id=chat, text="x") == "Forbidden: bot was blocked by the user"
    carol.unblock()
    fake.world.gone.add(chat)
    assert refusal(fake, "sendMessage", chat_id=chat, text="x") == "Forbidden: user is deactivated"
    fake.world.moved[-5] = -1005
    assert call(fake, "sendMessage", chat_id=-5, text="x")["parameters"] == {"migrate_to_chat_id": -1005}


def test_who_does_not_know_the_token_learns_nothing(fake: FakeBotApi) -> None:
    assert requests.post(f"{fake.url}/bot7001:wrong/getMe", timeout=20).status_code == 401
    assert requests.get(f"{fake.url}/file/bot7001:wrong/files/file_0", timeout=20).status_code == 404
    assert call(fake, "getMee")["description"] == "Not Found: method not found"
    assert call(fake, "getMe")["result"]["username"] == "StekHelpBot"


def test_updates_wait_until_they_are_confirmed(fake: FakeBotApi, carol: User) -> None:
    for text in ("раз", "два", "три"):
        carol.write(text)
    first = call(fake, "getUpdates", limit=2)["result"]
    assert [update["message"]["text"] for update in first] == ["раз", "два"]
    assert len(call(fake, "getUpdates")["result"]) == 3
    left = call(fake, "getUpdates", offset=first[-1]["update_id"] + 1)["result"]
    assert [update["message"]["text"] for update in left] == ["три"]
    assert call(fake, "getUpdates", offset=left[-1]["update_id"] + 1)["result"] == []
    assert "limit must be" in refusal(fake, "getUpdates", limit=101)


def test_a_poll_waits_and_ends_when_another_begins(fake: FakeBotApi, carol: User) -> None:
    answers: list[dict[str, Any]] = []
    first = threading.Thread(target=lambda: answers.append(call(fake, "getUpdates", timeout=20)))
    first.start()
    fake.wait(lambda: fake.called("getUpdates"))
    second = threading.Thread(target=lambda: answers.append(call(fake, "getUpdates", timeout=20)))
    second.start()
    first.join(20)
    assert "terminated by other getUpdates request" in answers[0]["description"]
    carol.write("привет")
    second.join(20)
    assert answers[1]["result"][0]["message"]["text"] == "привет"


def test_limits_of_messages(fake: FakeBotApi, carol: User, chat: int) -> None:
    assert call(fake, "sendMessage", chat_id=chat, text="раз")["ok"]
    told = call(fake, "sendMessage", chat_id=chat, text="два")
    assert (told["error_code"], told["parameters"]) == (429, {"retry_after": 1})
    assert carol.texts == ["раз"]
    others = [fake.user(str(number)) for number in range(40)]
    for one in others:
        one.start()
    answers = [call(fake, "sendMessage", chat_id=one.id, text="x")["ok"] for one in others]
    assert 28 <= answers.count(True) <= 30
    assert fake.weather.limits.exceeded[-1] == "over 30 messages a second"


def test_troubles_on_demand(fake: FakeBotApi, carol: User, chat: int) -> None:
    weather = fake.weather
    weather.limits.chat_gap = 0
    weather.fail("sendMessage", status=502, words="Bad Gateway")
    weather.slow_down(7, chat_id=chat)
    assert refusal(fake, "sendMessage", chat_id=chat, text="x") == "Bad Gateway"
    assert call(fake, "sendMessage", chat_id=chat, text="x")["parameters"] == {"retry_after": 7}
    weather.drop("sendMessage")
    weather.cut("sendMessage")
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            call(fake, "sendMessage", chat_id=chat, text="x")
    assert carol.texts == ["x"]
    assert call(fake, "sendMessage", chat_id=chat, text="y")["ok"]
    fake.close()
    with pytest.raises(requests.ConnectionError):
        call(fake, "getMe")
    fake.open()
    assert call(fake, "getMe")["ok"]


def test_presses_edits_and_answers(fake: FakeBotApi, carol: User, chat: int) -> None:
    message = call(fake, "sendMessage", chat_id=chat, text="Всё верно?", reply_markup=button(callback_data="me"))
    query = carol.press("Да")
    pressed = call(fake, "getUpdates", offset=-1)["result"][0]["callback_query"]
    assert (pressed["id"], pressed["data"], pressed["from"]["id"]) == (query, "me", chat)
    assert pressed["message"]["text"] == "Всё верно?"
    assert call(fake, "answerCallbackQuery", callback_query_id=query, text="Хорошо")["ok"]
    assert carol.answer_to(query) == "Хорошо"
    assert "query is too old" in refusal(fake, "answerCallbackQuery", callback_query_id="1")
    where = {"chat_id": chat, "message_id": message["result"]["message_id"]}
    assert "is not modified" in refusal(
        fake, "editMessageText", text="Всё верно?", reply_markup=button(callback_data="me"), **where
    )
    assert call(fake, "editMessageReplyMarkup", **where)["ok"]
    assert carol.messages[0].buttons == []
    assert "to edit not found" in refusal(fake, "editMessageText", chat_id=chat, message_id=99, text="x")
    assert "can't be edited" in refusal(fake, "editMessageText", chat_id=chat, message_id=1, text="x")


def test_files_both_ways(fake: FakeBotApi, carol: User, chat: int) -> None:
    carol.document("log.txt", b"lines", "Журнал")
    document = call(fake, "getUpdates", offset=-1)["result"][0]["message"]["document"]
    path = call(fake, "getFile", file_id=document["file_id"])["result"]["file_path"]
    assert requests.get(f"{fake.url}/file/bot{fake.token}/{path}", timeout=20).content == b"lines"
    carol.document("big.iso", size=(20 << 20) + 1)
    big = call(fake, "getUpdates", offset=-1)["result"][0]["message"]["document"]
    assert refusal(fake, "getFile", file_id=big["file_id"]) == "Bad Request: file is too big"
    assert "wrong file_id" in refusal(fake, "getFile", file_id="x")
    url = f"{fake.url}/bot{fake.token}/sendDocument"
    sent = requests.post(url, {"chat_id": chat, "caption": "Акт"}, files={"document": ("акт.txt", b"text")}, timeout=20)
    assert sent.json()["result"]["document"]["file_size"] == 4
    assert (carol.messages[0].file_name, carol.messages[0].content, carol.texts) == ("акт.txt", b"text", ["Акт"])
    empty = requests.post(url, {"chat_id": chat}, files={"document": ("a.txt", b"")}, timeout=20)
    assert empty.json()["description"] == "Bad Request: file must be non-empty"


def test_a_webhook_is_posted_to_until_it_takes(fake: FakeBotApi, carol: User) -> None:
    words = "An HTTPS URL must be provided"
    assert words in refusal(fake, "setWebhook", url="http://desk.example/telegram")
    assert "only on ports" in refusal(fake, "setWebhook", url="https://desk.example:9000/telegram")
    assert "unallowed characters" in refusal(fake, "setWebhook", url="https://desk.example/", secret_token="a b")
    assert call(fake, "setWebhook", url=f"{fake.url}/nowhere", secret_token="s")["ok"]
    assert "webhook is active" in refusal(fake, "getUpdates")
    carol.write("привет")
    fake.wait(lambda: "last_error_message" in call(fake, "getWebhookInfo")["result"])
    assert call(fake, "getWebhookInfo")["result"]["pending_update_count"] == 1
    assert call(fake, "deleteWebhook")["ok"]
    assert len(call(fake, "getUpdates")["result"]) == 1


def test_acting_from_outside(fake: FakeBotApi) -> None:
    def control(act: str, **given: Any) -> Any:
        return requests.post(f"{fake.url}/control/{act}", json=given, timeout=20).json()["result"]

    who = control("user", first_name="Ольга", phone="+79005550144")["id"]
    control("contact", user=who)
    contact = call(fake, "getUpdates")["result"][0]["message"]["contact"]
    assert contact == {"phone_number": "79005550144", "first_name": "Ольга", "user_id": who}
    call(fake, "sendMessage", chat_id=who, text="Здравствуйте")
    assert [one["text"] for one in control("messages", user=who)] == ["Здравствуйте"]
    assert [one["method"] for one in control("calls")] == ["getUpdates", "sendMessage"]
