"""The script of the dialogue, line by line, as Carol lives it: acquaintance, a request, more on it, cancel, silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import outbox, tickets
from app.extensions import db
from app.models import Attachment, Channel, State, Urgency
from tests.cast import acting, alice, carol
from tests.telegram.talker import MONDAY, Talker, keys, labels, requested, said, talker_of_carol

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def known() -> Talker:
    return talker_of_carol()


def test_acquaintance_by_ones_own_number():
    carol().is_phone_confirmed = True
    outbox.commit()
    talker = Talker()
    [hello] = talker.write("/start")
    assert hello.text == (
        "Здравствуйте! Это техническая поддержка «СТЕК». Здесь можно оставить заявку и узнать, как идёт работа.\n"
        "Чтобы найти ваш договор, нажмите кнопку ниже: телеграм передаст нам номер телефона."
    )
    assert keys(hello) == ["Передать номер", "Ввести вручную", "Отмена"]
    [sure] = talker.share()
    assert sure.text == "Петрова Ольга Сергеевна, ООО «Нева-Трейд», carol@neva-trade.example. Всё верно?"
    assert labels(sure) == ["Да, это я", "Это не я"]
    assert talker.chat.person_id is None
    [welcome] = talker.press("Да, это я")
    assert keys(welcome) == ["Новая заявка", "Мои заявки", "Позвонить"]
    assert talker.chat.person_id == carol().id


def test_acquaintance_by_hand():
    talker = Talker()
    talker.write("/start")
    [company] = talker.share("+79990000000")
    assert company.text == "Этого номера у нас пока нет. Как называется ваша компания?"
    talker.write("Ромашка")
    [mail] = talker.write("Иванов Иван Иванович")
    assert "e-mail" in mail.text
    [wrong] = talker.write("ivanov.romashka.example")
    assert wrong.text == "В адресе не хватает знака @. Пришлите e-mail ещё раз, на него уйдёт номер заявки."
    talker.write("Ivanov@Romashka.example")
    assert talker.chat.typed["email"] == "ivanov@romashka.example"
    assert talker.chat.step == "", "the number came by the button, so the phone is not asked for"
    requested(talker)
    ticket = talker.ticket
    assert (ticket.company_name, ticket.applicant_name) == ("Ромашка", "Иванов Иван Иванович")
    assert (ticket.applicant_email, ticket.applicant_phone) == ("ivanov@romashka.example", "+79990000000")


def test_a_request_as_in_the_script(known: Talker):
    [whose] = known.write("1С не открывается, пишет про ключ защиты")
    assert whose.text == "Записали. У кого это и где? Например: «вся бухгалтерия, Лиговский 50, офис 312»."
    assert labels(whose) == ["У меня, на обычном месте", "Отмена"]
    [how] = known.write("у всех в бухгалтерии, 312")
    assert how.text == "Насколько срочно?"
    assert labels(how) == [
        "Обычная: срок по договору",
        "Срочная: не позже 2\u00a0часов, если это технически возможно",
        "Отмена",
    ]
    [shot] = known.press("Срочная: не позже 2\u00a0часов, если это технически возможно")
    assert shot.text == "Пришлите снимок экрана, фото или ссылку, если есть."
    assert labels(shot) == ["Отправить без файлов", "Отмена"]
    [check] = known.send("screen.png")
    assert check.text == (
        "Получили 1\u00a0файл. Проверьте заявку:\n\n"
        "1С не открывается, пишет про ключ защиты\n"
        "У кого и где: у всех в бухгалтерии, 312\n"
        "Срочная. Файлов: 1\n"
        "Петрова Ольга Сергеевна, +7 (900) 555-01-44"
    )
    assert labels(check) == ["Отправить заявку", "Исправить", "Отмена"]
    assert known.press("Отправить заявку") == [], "the notice of the registration names the number"
    ticket = known.ticket
    assert (ticket.channel, ticket.urgency, ticket.state) == (Channel.TELEGRAM, Urgency.URGENT, State.NEW)
    assert (ticket.whose, ticket.person_id, ticket.missing) == ("у всех в бухгалтерии, 312", carol().id, [])
    assert ticket.due_at == MONDAY + timedelta(hours=2)
    [again] = known.press("Отправить заявку")
    assert again.text.startswith(f"Заявка уже принята, номер {ticket.number}.")
    assert len(known.tickets) == 1


def test_an_album_is_one_turn_and_one_request(known: Talker):
    [whose] = known.send("a.png", "b.png", "c.png", text="Не печатает принтер")
    assert whose.text.startswith("Получили 3\u00a0файла. У кого это и где?")
    known.write("у меня")
    [check] = known.press("Обычная: срок по договору")
    assert "Обычная. Файлов: 3" in check.text, "files are there already, nobody asks for them"
    known.write("отправить")
    names = select(Attachment.name).where(Attachment.ticket_id == known.ticket.id).order_by(Attachment.id)
    assert list(db.session.scalars(names)) == ["a.png", "b.png", "c.png"]


def test_addition_or_new(known: Talker):
    ticket = requested(known)
    [asked] = known.write("у двоих та же ошибка")
    assert asked.text == (
        f"Это дополнение к заявке {ticket.number} «1С не открывается, пишет про ключ защиты» или новая?"
    )
    assert labels(asked) == [f"К заявке {ticket.number}", "Новая заявка", "Отмена"]
    [told] = known.press(f"К заявке {ticket.number}")
    assert told.text == "Передали инженеру."
    assert said(ticket)[-1] == "у двоих та же ошибка"
    known.write("сломался принтер")
    [whose] = known.press("Новая заявка")
    assert whose.text.startswith("Записали. У кого это и где?")
    known.write("у меня")
    known.write("обычная")
    known.write("без файлов")
    known.write("да")
    assert [one.what for one in known.tickets] == ["1С не открывается, пишет про ключ защиты", "сломался принтер"]


def test_an_answer_to_a_message_of_the_bot(known: Talker):
    ticket = requested(known)
    [card] = known.press_data(f"card:{ticket.number}")
    [told] = known.reply(card, "у двоих та же ошибка")
    assert (told.text, told.ticket_id) == ("Передали инженеру.", ticket.id)
    assert said(ticket)[-1] == "у двоих та же ошибка"


def test_my_requests(known: Talker):
    [empty] = known.write("Мои заявки")
    assert empty.text == "Открытых заявок нет. Чтобы оставить новую, просто опишите проблему."
    first = requested(known, "Не открывается 1С")
    tickets.take(first, acting(alice()), known.at)
    outbox.commit()
    known.write("КриптоПро на ноутбук директора")
    known.press("Новая заявка")
    known.falls_silent(16)
    second = known.tickets[-1]
    [mine] = known.write("Мои заявки")
    lines = mine.text.split("\n")
    assert lines[0] == "Открытые заявки:"
    assert f"{first.number} Не открывается 1С. В работе, до 18:00" in lines
    assert set(labels(mine)) == {first.number, second.number}
    [card] = known.press(first.number)
    assert "инженер Алиса Орлова" in card.text
    assert "Почему такой срок: 8" in card.text
    assert {"Дополнить", "Это срочно", "Пожаловаться руководителю"} <= set(labels(card))


def test_a_file_too_large(known: Talker):
    ticket = requested(known)
    [card] = known.press_data(f"card:{ticket.number}")
    [refused] = known.reply(card, "", too_large=["film.avi"])
    assert refused.text == (
        "Этот файл слишком большой. Пришлите ссылку на облако или письмо на info@stekspb.ru, "
        f"указав номер {ticket.number}."
    )


def test_cancel(known: Talker):
    known.write("1С не открывается")
    [cancelled] = known.press("Отмена")
    assert cancelled.text == "Отменили, ничего не отправлено."
    assert known.falls_silent(60) == []
    assert known.tickets == []


def test_silence_registers_the_draft_as_it_is(known: Talker):
    known.write("1С не открывается")
    known.falls_silent(14)
    assert known.tickets == []
    known.falls_silent(2)
    assert (known.ticket.what, known.ticket.missing) == ("1С не открывается", ["whose"])
    late = known.ticket.created_at - (MONDAY + timedelta(minutes=15))
    assert timedelta(0) <= late < timedelta(minutes=1), "the deadline runs from the end of the silence"
    assert known.falls_silent(60) == []
    assert len(known.tickets) == 1


def test_an_urgent_draft_waits_three_minutes(known: Talker):
    known.write("Срочно! Касса не пробивает чеки")
    known.falls_silent(4)
    assert known.ticket.urgency is Urgency.URGENT
