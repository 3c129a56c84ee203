"""The whole script by real processes: from the first word to a complaint, with a colleague at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.telegram.desk_story import (
    ALICE,
    SOON,
    Story,
    all_are_known,
    carol_in,
    number_in,
    running_story,
    with_webhook,
)
from tests.telegram.fake import FakeBotApi, Said, User
from tests.telegram.fake.people import PNG

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(420)]

URGENT = "Срочная: не позже 2\u00a0часов, если это технически возможно"


@pytest.mark.parametrize("road", ["polling", "webhook"])
def test_from_the_first_word_to_a_complaint(tmp_path: Path, sqlite_template: Path, fake: FakeBotApi, road: str) -> None:
    carol = carol_in(fake)
    settings = {} if road == "polling" else with_webhook()
    with running_story(tmp_path, sqlite_template, fake, **settings) as story:
        all_are_known(story, tmp_path)
        _carol_says_who_she_is(carol)
        number = _carol_asks_for_help(story, carol)
        _alice_works_and_carol_answers(story, carol, number)
        _alice_solves_and_carol_rates(story, carol, number)
        _carol_complains(story, carol, number)
        assert fake.weather.limits.exceeded == []
        assert (fake.called("getUpdates") == []) == (road == "webhook")
        said = [text for text in carol.texts if text != "Передали инженеру."]  # for each of her two answers
        assert len(said) == len(set(said)) == len(carol.texts) - 2, "nothing was said twice"


def hears(carol: User, part: str) -> Said:
    return carol.hears(part, within=SOON)


def _carol_says_who_she_is(carol: User) -> None:
    carol.start()
    hears(carol, "Здравствуйте! Это техническая поддержка «СТЕК».")
    carol.tap("Передать номер")
    hears(carol, "Петрова Ольга Сергеевна, ООО «Нева-Трейд», carol@neva-trade.example. Всё верно?")
    carol.press("Да, это я")
    hears(carol, "Спасибо, нашли ваш договор.")


def _carol_asks_for_help(story: Story, carol: User) -> str:
    carol.write("1С не открывается, пишет про ключ защиты")
    hears(carol, "У кого это и где?")
    carol.write("у всех в бухгалтерии, 312")
    hears(carol, "Насколько срочно?")
    carol.press(URGENT)
    hears(carol, "Пришлите снимок экрана")
    carol.album([PNG, PNG + b"2"])
    hears(carol, "Проверьте заявку:")
    carol.press("Отправить заявку")
    number = number_in(hears(carol, "Заявка принята. Номер").text)
    ticket = story.ticket(number)
    assert (ticket["urgency"], ticket["channel"], len(ticket["messages"][0]["files"])) == ("urgent", "telegram", 2)
    assert ticket["company"] == "ООО «Нева-Трейд»"
    kept = story.desk.data_dir / "mail" / "out"
    story.wait(lambda: kept.is_dir() and any(kept.rglob("*.eml")), "the letter with the number")
    return number


def _alice_works_and_carol_answers(story: Story, carol: User, number: str) -> None:
    story.api("POST", f"/tickets/{number}/assignment", engineer=ALICE)
    hears(carol, "Алиса Орлова")
    story.api("POST", f"/tickets/{number}/messages", text="Перезапускаю службу.", kind="reply")
    reply = hears(carol, "Перезапускаю службу.")
    carol.write("у двоих та же ошибка", reply_to=reply)
    hears(carol, "Передали инженеру.")
    story.api("POST", f"/tickets/{number}/messages", text="пароль администратора: hush", kind="note")
    story.api("POST", f"/tickets/{number}/messages", text="Когда можно подключиться?", kind="question")
    hears(carol, "Когда можно подключиться?")
    carol.write("хоть сейчас")
    hears(carol, "Передали инженеру.")
    texts = [message["text"] for message in story.ticket(number)["messages"]]
    assert texts.count("у двоих та же ошибка") == texts.count("хоть сейчас") == 1
    assert not any("hush" in text for text in carol.texts)


def _alice_solves_and_carol_rates(story: Story, carol: User, number: str) -> None:
    story.api("POST", f"/tickets/{number}/solution", text="Включили автозапуск службы.")
    hears(carol, "Включили автозапуск службы.")
    carol.press("5")
    hears(carol, "Спасибо! Хотите добавить пару слов?")
    carol.press("Не помогло, открыть заново")
    hears(carol, "Что осталось не так?")
    carol.write("Снова просит ключ")
    hears(carol, "снова в работе")
    ticket = story.ticket(number)
    assert (ticket["state"], ticket["reopened"]) == ("open", 1)


def _carol_complains(story: Story, carol: User, number: str) -> None:
    carol.press("Пожаловаться руководителю")
    hears(carol, "Напишите, что не так.")
    carol.write("Второй день никто не перезвонил")
    hears(carol, "Передали руководителю.")
    found = story.api("GET", "/escalations")["items"]
    assert [one["cause"] for one in found if one["number"] == number] == ["complaint"]
    carol.tap("Позвонить")
    hears(carol, "Поддержка: (812) 363-17-87, 493-79-19.")
