"""Carol tells of one trouble while everything dies around her: one request, one of each message, no word lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.telegram.desk_story import SOON, Story, all_are_known, carol_in, number_in, running_story, with_webhook
from tests.telegram.fake import FakeBotApi, Said, User
from tests.telegram.fake.people import PNG

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(600)]

IN = ("updates fetched", "updates before commit", "updates after commit")
BETWEEN = ("update claimed", "update files kept", "update before answered", "update answered")
ANYWHERE = ("before commit", "after commit", "after the bell")
OUT = ("message claimed", "message sent")


def hears(story: Story, carol: User, part: str) -> Said:
    """What a dead process had in hand is free after its lease; nobody waits for that here."""
    for _ in range(3):
        try:
            return carol.hears(part, within=SOON / 4)
        except AssertionError:
            story.leases_end()
    return carol.hears(part, within=SOON)


def paired(story: Story, carol: User, folder: Path) -> None:
    all_are_known(story, folder)
    carol.start()
    carol.hears("Здравствуйте!", within=SOON)
    carol.tap("Передать номер")
    carol.hears("Всё верно?", within=SOON)
    carol.press("Да, это я")
    carol.hears("Спасибо, нашли ваш договор.", within=SOON)


@pytest.mark.trust("R2")
@pytest.mark.trust("R3")
@pytest.mark.trust("R33")
def test_a_death_at_every_step_of_an_answer(tmp_path: Path, sqlite_template: Path, fake: FakeBotApi) -> None:
    carol = carol_in(fake)
    with running_story(tmp_path, sqlite_template, fake) as story:
        paired(story, carol, tmp_path)
        carol.write("Не печатает принтер")
        carol.hears("У кого это и где?", within=SOON)
        carol.write("у меня")
        carol.hears("Насколько срочно?", within=SOON)
        carol.press("Обычная: срок по договору")
        carol.hears("Пришлите снимок", within=SOON)
        carol.press("Отправить без файлов")
        carol.hears("Проверьте заявку:", within=SOON)
        carol.press("Отправить заявку")
        accepted = carol.hears("Заявка принята. Номер", within=SOON)
        number = number_in(accepted.text)
        for failpoint in (*IN, *BETWEEN, *ANYWHERE, *OUT):
            story.settles()
            before = carol.texts.count("Передали инженеру.")
            story.arm(failpoint)
            carol.photo(PNG, f"снимок: {failpoint}", reply_to=accepted)
            story.wait(partial(story.has_struck, failpoint), f"a death at «{failpoint}»")
            hears(story, carol, "Передали инженеру.")
            copies = carol.texts.count("Передали инженеру.") - before
            assert copies == 1 or (failpoint == "message sent" and copies == 2), failpoint
        messages = story.ticket(number)["messages"]
        for failpoint in (*IN, *BETWEEN, *ANYWHERE, *OUT):
            said = [message for message in messages if message["text"] == f"снимок: {failpoint}"]
            assert [len(message["files"]) for message in said] == [1], failpoint
        assert len(story.api("GET", "/tickets")["items"]) == 1
        assert fake.weather.limits.exceeded == []


@pytest.mark.trust("R3")
@pytest.mark.trust("R33")
def test_a_death_while_telegram_posts(tmp_path: Path, sqlite_template: Path, fake: FakeBotApi) -> None:
    carol = carol_in(fake)
    with running_story(tmp_path, sqlite_template, fake, **with_webhook()) as story:
        paired(story, carol, tmp_path)
        for failpoint in (*IN[1:], *BETWEEN[:1]):
            story.settles()
            story.arm(failpoint)
            carol.write("/my")
            story.wait(partial(story.has_struck, failpoint), f"a death at «{failpoint}»")
            hears(story, carol, "Открытых заявок нет.")
        assert fake.called("getUpdates") == []
        assert sum("Открытых заявок нет." in text for text in carol.texts) == 3


@pytest.mark.trust("R5")
@pytest.mark.trust("R33")
def test_one_request_while_all_processes_die_and_redis_forgets(
    tmp_path: Path, sqlite_template: Path, fake: FakeBotApi
) -> None:
    carol = carol_in(fake)
    with running_story(tmp_path, sqlite_template, fake) as story:
        paired(story, carol, tmp_path)
        begun = len(carol.texts)
        steps: tuple[tuple[Callable[[], object], str, str], ...] = (
            (lambda: carol.write("1С не открывается"), "bot", "У кого это и где?"),
            (lambda: carol.write("у всех в бухгалтерии"), "house", "Насколько срочно?"),
            (lambda: carol.press("Обычная: срок по договору"), "bot", "Пришлите снимок экрана"),
            (lambda: carol.album([PNG, PNG + b"2", PNG + b"3"]), "bot", "Проверьте заявку:"),
            (lambda: carol.press("Отправить заявку"), "house", "Заявка принята. Номер"),
        )
        for act, victim, answer in steps:
            story.settles()
            act()
            story.forget_redis()
            story.desk.kill(victim)
            heard = hears(story, carol, answer)
            story.wait(partial(story.desk.pid, victim), f"{victim} is back")
        ticket = story.ticket(number_in(heard.text))
        assert (ticket["whose"], len(ticket["messages"][0]["files"])) == ("у всех в бухгалтерии", 3)
        assert [item["number"] for item in story.api("GET", "/tickets")["items"]] == [ticket["number"]]
        said = carol.texts[begun:]
        assert len(said) - len(set(said)) <= 1, said  # a death may fall between Telegram's yes and our note of it
