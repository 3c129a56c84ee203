"""What is new in a reply, and what must never be cut."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake import quotes
from app.intake.quotes import FOOTER, LONGEST, Desk, cut

NEW = "Касса опять стоит."
DESK = Desk("info@stekspb.ru", number="482173")
ANNOUNCEMENTS = [
    "пн, 5 февр. 2024 г. в 10:15, HelpDesk <info@stekspb.ru>:",
    "пн, 5 февр. 2024 г. в 10:15, Служба поддержки с длинным именем\n<info@stekspb.ru>:",
    "5 февраля 2024 г., 10:15 пользователь HelpDesk <info@stekspb.ru> написал:",
    '05.02.2024, 10:15, "HelpDesk" <info@stekspb.ru>:',
    "Понедельник, 5 февраля 2024, 10:15 +03:00 от HelpDesk <info@stekspb.ru>:",
    "5 февр. 2024 г., в 10:15, HelpDesk <info@stekspb.ru> написал(а):",
    "On Mon, Feb 5, 2024 at 10:15 AM HelpDesk <info@stekspb.ru> wrote:",
    "Am 05.02.2024 um 10:15 schrieb HelpDesk <info@stekspb.ru>:",
    "-----Original Message-----",
    "-------- Исходное сообщение --------",
    "От: HelpDesk <info@stekspb.ru>\nОтправлено: 5 февраля 2024 г.\nКому: Ольга\nТема: решена",
    "*From:* HelpDesk <info@stekspb.ru>\n*Sent:* Monday",
    "________________________________\nFrom: HelpDesk\nSent: Monday\nTo: Olga",
    "— Ответьте выше этой строки —",
    '05.02.2024, 10:15, "HelpDesk" <info+482173.0a1b@stekspb.ru>:',
    "В Mon, 5 Feb 2024 10:15:00 +0300\nHelpDesk <info@stekspb.ru> пишет:",
    "---- Включен пн, 05 февр. 2024 10:15:00 +0300 HelpDesk <info@stekspb.ru> написал(а) ----",
    '----------------\nКому: Ольга (a@b.ru);\nТема: Заявка;\n05.02.2024, 10:15, "HelpDesk" <info@stekspb.ru>:',
    "От: Директор <boss@romashka.ru>\n\nОтправлено: вчера\n\nКому: Ольга\n\nТема: RE: Заявка принята [#482173]",
    "----- Исходное сообщение -----\nОт: info@stekspb.ru\nОтправленные: Понедельник, 5 Февраль 2024 г 10:15:00",
    "05.02.2024 10:15, Служба поддержки пишет:\n— Ответьте выше этой строки —",
]
WITH_MARKS_ONLY = [
    "05.02.2024 10:15, HelpDesk пишет:",
    "Вы писали 5 февраля 2024 г., 10:15:00:",
    "HelpDesk писал(а) 2024-02-05 10:15:",
    "В Пн, 05/02/2024 в 10:15 +0300, HelpDesk пишет:",
    "В письме от 5 февраля 2024 г. 10:15:00 пользователь HelpDesk написал:",
    "On Mon, Feb 05, 2024 at 10:15:00AM +0300, HelpDesk wrote:",
    "5 февр. 2024 г., в 10:15, Сергей Петров <sergey@romashka.ru> написал(а):",
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
    "12.09.2026 10:15, Петров пишет:\nне печатает чек\nчто делать?",
    "Вы писали 12.09.2026 10:15:\nкасса готова завтра.\nА она не готова!",
    "Вот что ответил поставщик:\n\nОт: Иванов <ivanov@postavka.ru>\nДата: вчера\nКому: Ольга\nТема: счёт\n\nДенег нет.",
    "Переслали нам:\n05.02.2024, 10:15, Иванов <ivanov@postavka.ru>:\nденег нет",
    f"Ответы ниже.\n\n{ANNOUNCEMENTS[11]}\n\nКасса печатает?\nДа, работает.",
    f"Ответы красным в тексте вашего письма.\n\n{ANNOUNCEMENTS[0]}\n> Касса печатает? Да.",
    f"Добрый день!\n\n{ANNOUNCEMENTS[11]}\n\nКасса печатает?\nДа, работает.",
    f"Добрый день.\n\n{ANNOUNCEMENTS[11]}\n\nПечатает?\n\n{FOOTER}\n(812) 363-17-87\n\nДа, печатает.",
    "Счёт 5 от 01.02.2024 на 10:15 пришёл.",
]


@pytest.mark.parametrize("announcement", ANNOUNCEMENTS)
@pytest.mark.parametrize("quote", ["> решили\n> закрываем", "решили, закрываем"])
def test_the_quote_is_cut(announcement: str, quote: str) -> None:
    new, quoted = cut(f"{NEW}\n\n{announcement}\n\n{quote}", DESK)
    assert new == NEW
    assert quoted == f"{announcement}\n\n{quote}"


@pytest.mark.parametrize("announcement", WITH_MARKS_ONLY)
def test_what_a_person_could_have_written_needs_marks(announcement: str) -> None:
    marked, plain = (f"{NEW}\n\n{announcement}\n{quote}" for quote in ("> решили\n> закрываем", "решили, закрываем"))
    assert cut(marked, DESK) == (NEW, f"{announcement}\n> решили\n> закрываем")
    assert cut(plain, DESK) == (plain, "")


@pytest.mark.parametrize("text", KEPT_WHOLE)
def test_words_of_the_customer_are_never_cut(text: str) -> None:
    assert cut(text, DESK) == (text, "")


def test_a_trailing_quote_without_announcement_is_cut() -> None:
    assert cut(f"{NEW}\n\n> решили\n>\n> закрываем\n") == (NEW, "> решили\n>\n> закрываем")


SENT = "Добрый день! Касса чек печатает?\n\nА отчёт она закрывает, или пишет ошибку 3996?"


def test_our_own_words_below_are_known() -> None:
    announcement = "05.02.2024 10:15, Орлов пишет:"
    desk = Desk("info@stekspb.ru", sent=lambda: [SENT])
    assert cut(f"{NEW}\n\n{announcement}\n{SENT}", desk) == (NEW, f"{announcement}\n{SENT}")


@pytest.mark.parametrize(
    "last", ["В 15:00 свободна.", "Терминал пишет «нет связи», очередь.", "5 касс стоят", "Вт, ср"]
)
def test_the_line_right_above_an_announcement_is_the_customers(last: str) -> None:
    for announcement in (*ANNOUNCEMENTS[:8], *WITH_MARKS_ONLY):
        assert cut(f"{NEW}\n{last}\n{announcement}\n> решили", DESK)[0] == f"{NEW}\n{last}", announcement


def test_an_answer_inside_our_words_is_kept() -> None:
    desk = Desk("info@stekspb.ru", sent=lambda: [SENT])
    quote = f"{ANNOUNCEMENTS[11]}\n\n{SENT}"
    answered = f"{NEW}\n\n" + quote.replace("печатает?", "печатает?\nДа.")
    assert cut(f"{NEW}\n\n{quote}", desk) == (NEW, quote)
    assert cut(answered, desk) == (answered, "")


def test_a_signature_under_a_quote_goes_with_it() -> None:
    under = "> решили\n\n-- \nОльга Карпова\nООО «Ромашка»\n+7 812 000-00-00"
    assert cut(f"{NEW}\n\n{ANNOUNCEMENTS[0]}\n{under}", DESK)[0] == NEW
    assert cut(f"{NEW}\n\n{under}", DESK) == (NEW, under)
    for words in ("Когда приедете?", "Приезжайте завтра", "Касса 00106", "С уважением, жду ответа"):
        said = f"{NEW}\n\n{under}\n{words}"
        assert cut(said, DESK) == (said, "")


def test_a_link_broken_out_of_a_quote_is_no_answer() -> None:
    under = "> решили\nhttps://help.stekspb.ru/r/482173.abc>\n> закрываем"
    assert cut(f"{NEW}\n\n{ANNOUNCEMENTS[0]}\n{under}", DESK)[0] == NEW


@pytest.mark.parametrize(
    "tail",
    [
        "Отправлено с iPhone",
        "Отправлено из мобильной Почты Mail.ru",
        "Sent from my iPad",
        "Отправлено с устройства Galaxy",
        "Отправлено из мобильной Яндекс Почты: http://m.ya.ru/ymail",
        "--\nОтправлено из Mail для Android",
        "-- \nОтправлено из мобильного приложения Яндекс Почты",
        "Скачайте Outlook для iOS",
        "Получите Outlook для Android<https://aka.ms/AAb9ysg>",
        "Отправлено из Почты для Windows",
        "Отправлено с моего Huawei P30",
        "Без вирусов.www.avast.com",
    ],
)
def test_a_phones_tail_is_folded(tail: str) -> None:
    assert cut(f"{NEW}\n\n{tail}") == (NEW, tail)
    assert cut(f"{NEW}\n\n{tail}\n\n{ANNOUNCEMENTS[0]}\n> решили", DESK)[0] == NEW
    assert cut(f"{NEW}\n\n{ANNOUNCEMENTS[0]}\n> решили\n\n{tail}", DESK)[0] == NEW
    assert cut(f"{tail} не приходят письма\nпомогите")[1] == ""
    assert cut(f"{NEW}\n{tail} не приходят письма")[1] == ""


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
        "От: a@b\nтекст\n" * 70_000,
        "HelpDesk 10:15 <a@b.ru>:\nx\n" * 30_000,
        "Отправлено с iPhone\n" * 50_000,
        "-- \n" * 250_000,
        f"{FOOTER}\n" * 25_000,
        "05.02.2024, 10:15, a <a@b.ru>:\n\n" * 30_000,
    ],
    ids=[
        "quotes",
        "on",
        "on in a line",
        "fields",
        "addresses",
        "numbers",
        "blocks",
        "attributions",
        "tails",
        "dashes",
        "footers",
        "foreign",
    ],
)
def test_a_megabyte_takes_a_moment(text: str) -> None:
    began = time.process_time()
    cut(text, DESK)
    assert time.process_time() - began < 3


PIECES = [
    NEW,
    "",
    "Ниже.",
    "Добрый день!",
    "> решили",
    "-- ",
    "Ольга",
    "Отправлено с iPhone",
    FOOTER,
    *ANNOUNCEMENTS,
    *WITH_MARKS_ONLY,
]


@given(st.lists(st.sampled_from(PIECES) | st.text("аб>:@<. -\n\xa0", max_size=12), max_size=14).map("\n".join))
def test_whatever_the_text_it_is_cut_in_two_and_nothing_else(text: str) -> None:
    new, quoted = cut(text, DESK)
    assert "".join((new + quoted).split()) == "".join(text.split())
    assert bool(new) == bool(text.strip())


def test_what_is_longer_than_any_letter_is_not_looked_at() -> None:
    text = "да\n> нет\n" * (LONGEST // 9 + 1)
    assert cut(text) == (text.strip(), "")


def test_the_cut_gives_up_after_its_time_and_shows_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{NEW}\n" * 300 + f"{ANNOUNCEMENTS[0]}\n> решили"
    assert cut(text, DESK)[1]
    monkeypatch.setattr(quotes, "SECONDS", -1)
    assert cut(text, DESK) == (text, "")
