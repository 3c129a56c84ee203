"""Who writes: proof opens a person's requests, a claim opens nothing, and /stop closes all again."""

from __future__ import annotations

import pytest

from app import outbox, pairing
from app.extensions import db
from app.models import Person
from tests.cast import alice, carol, request_of_carol
from tests.telegram.chats import mailed_code, payload
from tests.telegram.talker import Talker, labels, talker_of_carol, texts

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.trust("I2")
def test_a_number_from_a_form_shows_nobody():
    request_of_carol()
    talker = Talker()
    talker.write("/start")
    [company] = talker.share("+79005550144")
    assert company.text == "Этого номера у нас пока нет. Как называется ваша компания?"
    assert talker.chat.person_id is None


def test_not_me():
    carol().is_phone_confirmed = True
    outbox.commit()
    talker = Talker()
    talker.share()
    [company] = talker.press("Это не я")
    assert company.text == "Как называется ваша компания?"
    assert talker.chat.person_id is None


def test_yes_twice_and_no_after_yes():
    talker = talker_of_carol()
    [again] = talker.press("Да, это я")
    assert again.text.startswith("Мы вас уже узнали.")
    [company] = talker.press("Это не я")
    assert company.text == "Как называется ваша компания?"
    assert talker.chat.person_id is None, "the pairing by the number is undone"


def test_yes_in_words_and_other_words_at_the_question():
    carol().is_phone_confirmed = True
    outbox.commit()
    talker = Talker()
    talker.share()
    [asked] = talker.write("принтер сломался")
    assert asked.text.endswith("Всё верно?")
    thanks, whose = talker.write("Да, это я")
    assert thanks.text == "Спасибо, нашли ваш договор."
    assert whose.text.startswith("У кого это и где?")
    assert talker.chat.draft["text"] == "принтер сломался"


@pytest.mark.trust("I2")
def test_a_claim_tells_nothing_of_the_one_it_names():
    ticket = request_of_carol(text="Канарейка поёт")
    mallory = Talker()
    mallory.write("принтер сломался")
    for words in ("вручную", "Чужая", "пропустить", "carol@neva-trade.example", "пропустить"):
        mallory.write(words)
    mallory.falls_silent(16)
    assert (mallory.ticket.applicant_name, mallory.ticket.applicant_phone) == ("", "")
    assert mallory.ticket.person_id == carol().id, "it is Carol's history, for Carol to see"
    mallory.write("Мои заявки")
    shown = "".join(texts(mallory.messages()))
    assert "Петрова" not in shown
    assert ticket.number not in shown


@pytest.mark.trust("I2")
def test_a_typed_number_finds_nobody():
    carol()
    mallory = Talker()
    mallory.write("принтер сломался")
    for words in ("вручную", "Чужая", "Мэллори", "пропустить", "+7 900 555-01-44"):
        mallory.write(words)
    mallory.falls_silent(16)
    assert (mallory.ticket.person_id, mallory.ticket.applicant_email) == (None, "")


def test_a_code_opens_all_requests_of_the_person():
    ticket = request_of_carol()
    talker = Talker()
    [empty] = talker.write("Мои заявки")
    assert "Показать все мои заявки" in labels(empty)
    [address] = talker.press("Показать все мои заявки")
    assert address.text.startswith("На какой e-mail отправить код?")
    [mailed] = talker.write("carol@neva-trade.example")
    assert mailed.text.startswith("Отправили код из 6 цифр на carol@neva-trade.example.")
    code = mailed_code("carol@neva-trade.example")
    [wrong] = talker.write("000000" if code != "000000" else "000001")
    assert wrong.text == "Код не подошёл. Проверьте цифры и пришлите ещё раз."
    [welcome] = talker.write(code)
    assert welcome.text.startswith("Спасибо, нашли ваш договор.")
    [mine] = talker.write("Мои заявки")
    assert ticket.number in mine.text


def test_words_instead_of_a_code_are_a_request():
    talker = Talker()
    talker.press_data("pair")
    talker.write("mallory@evil.exmple")
    [mailed] = talker.write("mallory@evil.example")
    assert mailed.text.startswith("Отправили код из 6 цифр на mallory@evil.example.")
    [who] = talker.write("принтер сломался")
    assert who.text.startswith("Записали.")
    assert talker.chat.draft["text"] == "принтер сломался"


def test_a_link_from_a_letter_is_asked_about():
    talker = Talker()
    link = pairing.person_link(carol(), talker.at)
    [sure] = talker.write(f"/start {payload(link)}")
    assert sure.text == "Петрова Ольга Сергеевна, ООО «Нева-Трейд», carol@neva-trade.example. Всё верно?"
    talker.press("Да, это я")
    assert (talker.chat.person_id, talker.chat.paired_by) == (carol().id, "link")
    [dead] = Talker(7002).write(f"/start {payload(link)}")
    assert dead.text.startswith("Эта ссылка уже не действует.")


def test_a_link_of_one_request_opens_that_one_alone():
    ticket, other = request_of_carol(), request_of_carol(text="Канарейка поёт")
    talker = Talker()
    _told, card = talker.write(f"/start {payload(pairing.ticket_link(ticket, talker.at))}")
    assert ticket.number in card.text
    [mine] = talker.write("Мои заявки")
    assert ticket.number in mine.text
    assert other.number not in mine.text


def test_staff_by_their_link():
    talker = Talker()
    [told] = talker.write(f"/start {payload(pairing.staff_link(alice(), talker.at))}")
    assert told.text.startswith("Алиса Орлова, чат подключён")
    [work] = talker.write("Мои заявки")
    assert work.text.startswith("У вас нет открытых заявок.")
    [refused] = talker.share()
    assert "номер не нужен" in refused.text
    [refused] = talker.write("Сейчас подключусь")
    assert refused.text.startswith("Отвечать клиенту из Телеграма пока нельзя.")
    talker.write("Новая заявка")
    talker.write("У нас самих не печатает принтер")
    talker.falls_silent(16)
    assert talker.ticket.applicant_email == alice().email


def test_stop():
    ticket = request_of_carol()
    talker = talker_of_carol()
    [gone] = talker.write("/stop")
    assert gone.text.startswith("Чат отключён")
    assert (talker.chat.person_id, talker.chat.typed) == (None, {})
    [refused] = talker.write(ticket.number)
    assert refused.text.startswith(f"Заявки {ticket.number} в этом чате нет.")
    [nobody] = talker.write("/stop")
    assert nobody.text.startswith("Этот чат ни к кому не подключён.")


def test_ones_own_number_in_a_paired_chat_is_confirmed():
    person = Person(name="Ольга", email="o@else.example", created_at=carol().created_at)
    db.session.add(person)
    outbox.commit()
    talker = Talker()
    pairing.pair_person(talker.chat, person, "code", talker.at)
    outbox.commit()
    talker.share("+79990001122")
    assert (person.phone, person.is_phone_confirmed) == ("+79990001122", True)
