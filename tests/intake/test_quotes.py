"""What is new in a reply, and what must never be cut; urgency and thanks by the same words."""

from __future__ import annotations

import time

import pytest

from app.intake.quotes import cut
from app.intake.thanks import is_only_thanks
from app.intake.urgency import first_line, is_urgent

NEW = "Касса опять стоит."
ANNOUNCEMENTS = [
    "пн, 5 февр. 2024 г. в 10:15, HelpDesk <info@stekspb.ru>:",
    "пн, 5 февр. 2024 г. в 10:15, Служба поддержки с длинным именем\n<info@stekspb.ru>:",
    "5 февраля 2024 г., 10:15 пользователь HelpDesk <info@stekspb.ru> написал:",
    '05.02.2024, 10:15, "HelpDesk" <info@stekspb.ru>:',
    "Понедельник, 5 февраля 2024, 10:15 +03:00 от HelpDesk <info@stekspb.ru>:",
    "05.02.2024 10:15, HelpDesk пишет:",
    "5 февр. 2024 г., в 10:15, HelpDesk <info@stekspb.ru> написал(а):",
    "Вы писали 5 февраля 2024 г., 10:15:00:",
    "On Mon, Feb 5, 2024 at 10:15 AM HelpDesk <info@stekspb.ru> wrote:",
    "Am 05.02.2024 um 10:15 schrieb HelpDesk <info@stekspb.ru>:",
    "-----Original Message-----",
    "-------- Исходное сообщение --------",
    "От: HelpDesk <info@stekspb.ru>\nОтправлено: 5 февраля 2024 г.\nКому: Ольга\nТема: решена",
    "*From:* HelpDesk <info@stekspb.ru>\n*Sent:* Monday",
    "________________________________\nFrom: HelpDesk\nSent: Monday\nTo: Olga",
    "— Ответьте выше этой строки —",
]
KEPT_WHOLE = [
    "Вчера менеджер написал:\nвсё готово.",
    "От: 5 человек\nпридут завтра",
    "Прошу рассчитать от 12.09.2026:\n  - кабель\n  - коробка",
    "Смотрите.\n---------- Forwarded message ---------\nFrom: a@b.ru\nDate: x\nSubject: y\n\nтекст",
    "Пересылаемое сообщение\n05.02.2024, 10:15, a@b.ru:\nтекст",
    "Да.\n\n05.02.2024 10:15, HelpDesk пишет:\n> раз?\nответ раз\n> два?\nответ два",
    "> только цитата",
    "> вопрос\nответ снизу",
    "Счёт 5 от 01.02.2024 на 10:15 пришёл.",
]


@pytest.mark.parametrize("announcement", ANNOUNCEMENTS)
@pytest.mark.parametrize("quote", ["> решили\n> закрываем", "решили, закрываем"])
def test_the_quote_is_cut(announcement: str, quote: str) -> None:
    new, quoted = cut(f"{NEW}\n\n{announcement}\n\n{quote}")
    assert new == NEW
    assert "решили" in quoted


@pytest.mark.parametrize("text", KEPT_WHOLE)
def test_words_of_the_customer_are_never_cut(text: str) -> None:
    assert cut(text) == (text, "")


def test_a_trailing_quote_without_announcement_is_cut() -> None:
    assert cut(f"{NEW}\n\n> решили\n>\n> закрываем\n") == (NEW, "> решили\n>\n> закрываем")


@pytest.mark.parametrize("tail", ["Отправлено с iPhone", "Отправлено из мобильной Почты Mail.ru", "Sent from my iPad"])
def test_a_phones_tail_is_folded(tail: str) -> None:
    assert cut(f"{NEW}\n\n{tail}") == (NEW, tail)
    assert cut(f"{tail} не приходят письма\nпомогите")[1] == ""


@pytest.mark.trust("M14")
@pytest.mark.parametrize(
    "text",
    [
        "> x\n" * 250_000,
        "On \n" * 50_000,
        "On 1" * 250_000,
        "От: a@b\n" * 100_000,
        "a@" * 500_000 + ":",
        "1\n" * 500_000,
    ],
    ids=["quotes", "on", "on in a line", "fields", "addresses", "numbers"],
)
def test_a_megabyte_takes_a_moment(text: str) -> None:
    began = time.process_time()
    cut(text)
    assert time.process_time() - began < 3


@pytest.mark.parametrize("text", ["Спасибо", "спасибо!", "Большое спасибо :)", "Спасибо, всё работает.", "Thank you!"])
def test_thanks_are_recognised(text: str) -> None:
    assert is_only_thanks(text)


@pytest.mark.parametrize("text", ["Спасибо?", "Спасибо, но не работает", "Спасибо. И ещё касса", "", "Работает"])
def test_in_doubt_it_is_no_thanks(text: str) -> None:
    assert not is_only_thanks(text)


def test_thanks_with_a_file_are_more_than_thanks() -> None:
    assert not is_only_thanks("Спасибо", has_files=True)


@pytest.mark.parametrize("line", ["Срочно!", "СРОЧНАЯ заявка", "[urgent] till", "касса, срочно."])
def test_urgent_is_heard(line: str) -> None:
    assert is_urgent(line)


@pytest.mark.parametrize("line", ["не срочно", "Не  срочная", "несрочно", "срочность", "not urgent", "сверхсрочно", ""])
def test_urgent_is_not_misheard(line: str) -> None:
    assert not is_urgent(line)


def test_the_first_line_is_the_writers_own() -> None:
    assert first_line("\n> срочно\n\nкасса\nсрочно") == "касса"
