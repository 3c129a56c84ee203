"""Free text works at every step, in whatever words; files, contacts, stickers and corrections each have their place."""

from __future__ import annotations

import pytest

from app.models import Urgency
from tests.cast import carol
from tests.telegram.talker import Talker, labels, talker_of_carol

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def known() -> Talker:
    return talker_of_carol()


def test_a_whole_request_without_one_button():
    talker = Talker()
    [who] = talker.write("Не печатает принтер")
    assert who.text.startswith("Записали. Чтобы найти ваш договор,")
    for words in ("вручную", "Нева-Трейд", "Петрова Ольга", "моя почта carol@neva-trade.example", "8 900 555 01 44"):
        talker.write(words)
    talker.write("в кассе на первом этаже")
    talker.write("горит")
    talker.write("нет")
    talker.write("да")
    ticket = talker.ticket
    assert (ticket.what, ticket.whose, ticket.urgency) == (
        "Не печатает принтер",
        "в кассе на первом этаже",
        Urgency.URGENT,
    )
    assert (ticket.applicant_phone, ticket.person_id) == ("+79005550144", carol().id)
    assert talker.chat.person_id is None, "what was typed proves nothing"


@pytest.mark.parametrize(
    ("words", "urgency"),
    [("срочно", Urgency.URGENT), ("очень!", Urgency.URGENT), ("не срочно", Urgency.NORMAL), ("терпит", Urgency.NORMAL),
     ("Обычная.", Urgency.NORMAL), ("ASAP", Urgency.URGENT), ("по договору", Urgency.NORMAL)],
)  # fmt: skip
def test_urgency_in_words(known: Talker, words: str, urgency: Urgency):
    known.write("Не печатает принтер")
    known.write("у меня")
    known.write(words)
    assert known.chat.draft["urgency"] == urgency


def test_words_that_answer_nothing_are_added_and_the_question_stands(known: Talker):
    known.write("Не печатает принтер")
    known.write("у меня")
    [asked] = known.write("и ещё сканер шумит")
    assert asked.text == "Добавили к заявке. Насколько срочно?"
    [check] = known.write("обычная") and known.write("вот так выглядит ошибка: E-17")
    assert check.text.startswith("Добавили к заявке. Проверьте заявку:")
    [check] = known.write("и картридж новый")
    assert check.text.startswith("Добавили к заявке. Проверьте заявку:")
    known.write("отправляйте")
    assert known.ticket.what == (
        "Не печатает принтер\nи ещё сканер шумит\nвот так выглядит ошибка: E-17\nи картридж новый"
    )


def test_a_link_instead_of_files(known: Talker):
    known.write("Не печатает принтер")
    known.write("у меня")
    known.write("обычная")
    [check] = known.write("https://cloud.example/f/1")
    assert check.text.startswith("Ссылку записали. Проверьте заявку:")
    known.write("да")
    assert known.ticket.links == "https://cloud.example/f/1"


def test_mending(known: Talker):
    known.write("Не печатает принтер")
    known.write("у меня")
    known.write("обычная")
    known.write("нет")
    [fix] = known.press("Исправить")
    assert labels(fix)[:3] == ["Что случилось", "У кого и где", "Срочность"]
    known.press("Что случилось")
    [check] = known.write("Не печатает МФУ")
    assert "Не печатает МФУ" in check.text
    assert "принтер" not in check.text
    known.write("исправить")
    known.write("срочность")
    [check] = known.write("срочная")
    assert "Срочная." in check.text
    known.press("Отправить заявку")
    assert (known.ticket.what, known.ticket.urgency) == ("Не печатает МФУ", Urgency.URGENT)


def test_a_place_too_long_for_its_field_stays_whole(known: Talker):
    known.write("Не печатает принтер")
    place = "офис 312, " * 80
    known.write(place)
    known.falls_silent(16)
    assert place.strip() in known.ticket.what
