"""Buttons pressed twice, late, in a wrong state, or by a chat that may not: each has a sensible answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import numbers, outbox, tickets
from app.extensions import db
from app.models import Event, EventKind, Rating, State, Ticket
from app.presses import Press
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.telegram.talker import Talker, labels, requested, said, solved, talker_of_carol, texts

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def known() -> Talker:
    return talker_of_carol()


def test_buttons_of_a_draft_twice(known: Talker):
    known.write("Не печатает принтер")
    for label in ("У меня, на обычном месте", "Обычная: срок по договору", "Отправить без файлов"):
        data = known.button(label)
        assert len(known.press_data(data)) == 1
        assert known.press_data(data) == [], "the question that follows stands already"
    [urgent] = known.press("Срочная: не позже 2\u00a0часов, если это технически возможно")
    assert "Срочная." in urgent.text, "a change of mind counts"


def test_buttons_of_a_draft_after_it_was_sent(known: Talker):
    known.write("Не печатает принтер")
    usual, cancel = known.button("У меня, на обычном месте"), known.button("Отмена")
    known.falls_silent(16)
    for data in (usual, cancel):
        [late] = known.press_data(data)
        assert late.text.startswith(f"Заявка уже принята, номер {known.ticket.number}.")
        assert late.ticket_id == known.ticket.id
    assert known.ticket.whose == ""


def test_buttons_of_a_draft_after_it_was_cancelled(known: Talker):
    known.write("Не печатает принтер")
    usual, cancel = known.button("У меня, на обычном месте"), known.button("Отмена")
    known.press_data(cancel)
    [late] = known.press_data(usual)
    assert late.text.startswith("Эта кнопка от прежнего сообщения.")
    [late] = known.press_data(cancel)
    assert late.text.startswith("Эта кнопка от прежнего сообщения.")
    [nothing] = known.write("отмена")
    assert nothing.text == "Отменять нечего: ничего не начато."


def test_buttons_of_an_earlier_draft_leave_the_present_one(known: Talker):
    known.write("Не печатает принтер")
    old = known.button("Отмена")
    known.falls_silent(16)
    known.write("Сломался сканер")
    known.press("Новая заявка")
    known.press_data(old)
    assert known.chat.draft["text"] == "Сломался сканер"


def test_a_new_request_while_one_is_begun(known: Talker):
    known.write("Не печатает принтер")
    [check] = known.write("Новая заявка")
    assert check.text.startswith("Одна заявка уже начата: отправьте или отмените её. Проверьте заявку:")
    known.press("Отправить заявку")
    assert known.ticket.what == "Не печатает принтер"


def test_the_menu_beside_a_draft_keeps_its_question(known: Talker):
    known.write("Не печатает принтер")
    assert len(known.write("Мои заявки")) == 2
    _call, asked = known.write("Позвонить")
    assert asked.text.startswith("У кого это и где?")
    known.write("у меня")
    assert known.chat.draft["whose"] == "у меня"


def test_a_complaint_beside_a_draft_keeps_it(known: Talker):
    ticket = requested(known)
    known.write("Сломался сканер")
    known.press("Новая заявка")
    known.press_data(f"complain:{ticket.number}")
    told, asked = known.write("Никто не звонит")
    assert told.text.startswith("Передали руководителю.")
    assert asked.text.startswith("У кого это и где?")
    known.press_data(f"complain:{ticket.number}")
    kept, _asked = known.press_data("cancel:step")
    assert kept.text == "Отменили. Заявка, которую вы начали, осталась."


def test_rating_too_early_and_too_late(known: Talker):
    ticket = requested(known)
    [early] = known.press_data(f"rate:{ticket.number}:5")
    assert early.text == f"Заявка {ticket.number} ещё не решена: оценивать пока нечего."
    tickets.solve(ticket, Contribution("Готово"), acting(alice()), known.at)
    tickets.close(ticket, known.at)
    outbox.commit()
    known.press_data(f"rate:{ticket.number}:4")
    [card] = known.press_data(f"card:{ticket.number}")
    assert "5" in labels(card)
    known.wait(60 * 24 * 4)
    [card] = known.press_data(f"card:{ticket.number}")
    assert "5" not in labels(card)  # a button that would only refuse
    [fixed] = known.press_data(f"rate:{ticket.number}:1")
    assert fixed.text == "Изменить оценку можно было в течение трёх дней."
    assert db.session.scalars(select(Rating.value)).all() == [4]


def test_words_long_after_a_rating_are_no_comment(known: Talker):
    ticket = solved(known)
    known.press_data(f"rate:{ticket.number}:5")
    known.wait(60)
    [asked] = known.write("Сломался сканер")
    assert asked.text.startswith("Это о решённой заявке")
    assert db.session.scalars(select(Rating.comment)).all() == [""]


def test_reopening_twice_and_without_words(known: Talker):
    ticket = solved(known)
    known.press_data(f"reopen:{ticket.number}")
    known.press_data(f"reopen:{ticket.number}")
    assert known.press("Открыть без пояснений") == []
    assert (ticket.state, ticket.reopened_count) == (State.OPEN, 1)
    known.press("Открыть без пояснений")
    assert ticket.reopened_count == 1


def test_a_reopening_that_was_cancelled(known: Talker):
    ticket = solved(known)
    known.press_data(f"reopen:{ticket.number}")
    [cancelled] = known.press_data("cancel:step")
    assert cancelled.text == "Отменили, ничего не отправлено."
    known.falls_silent(60)
    db.session.refresh(ticket)
    assert ticket.state is State.SOLVED


def test_urgency_twice_and_on_a_solved_one(known: Talker):
    ticket = requested(known)
    [now] = known.press_data(f"urgent:{ticket.number}")
    assert now.text == f"Заявка {ticket.number} теперь срочная."
    assert ticket.due_at == known.at + timedelta(hours=2)
    [again] = known.press_data(f"urgent:{ticket.number}")
    assert again.text == f"Заявка {ticket.number} уже срочная."
    kinds = select(Event.kind).where(Event.kind == EventKind.URGENT)
    assert len(db.session.scalars(kinds).all()) == 1
    tickets.solve(ticket, Contribution("Готово"), acting(alice()), known.at)
    outbox.commit()
    [card] = known.press_data(f"urgent:{ticket.number}")
    assert "Не помогло, открыть заново" in labels(card)


@pytest.mark.trust("I2")
@pytest.mark.parametrize("press", [Press.CARD, Press.ADD, Press.URGENT, Press.RATE, Press.REOPEN, Press.COMPLAIN])
def test_nobody_reaches_the_request_of_another(press: Press):
    foreign = request_of_carol(text="Канарейка поёт")
    mallory = Talker()
    [refused] = mallory.press_data(f"{press.value}:{foreign.number}:5")
    assert refused.text.startswith(f"Заявки {foreign.number} в этом чате нет.")
    absent = "10000" + numbers.check_digit("10000")
    [same] = mallory.press_data(f"{press.value}:{absent}:5")
    assert same.text.replace(absent, foreign.number) == refused.text, "nor whether there is one"
    mallory.write("злые слова")
    mallory.write(foreign.number)
    assert said(foreign) == ["Канарейка поёт"]
    assert "Канарейка" not in "".join(texts(mallory.messages()))


def test_held_words_cannot_be_sent_to_another_request(known: Talker):
    requested(known)
    mallory = Talker(7002)
    mallory.write("первое")
    mallory.falls_silent(16)
    mallory.write("второе")
    [refused] = mallory.press_data(f"choose:{mallory.chat.draft['key']}:{known.ticket.number}")
    assert refused.text.startswith(f"Заявки {known.ticket.number} в этом чате нет.")
    assert mallory.chat.draft["text"] == "второе"


@pytest.mark.parametrize(
    "data", ["", ":", "rate", "rate:::", "send:", "fix:999999", "own", "own:yes", "pair:x", "card:\0", "send:\0", "ах"]
)
def test_buttons_of_no_sense(data: str):
    assert len(Talker().press_data(data)) == 1
    assert db.session.scalars(select(Ticket)).all() == []


def test_a_command_of_no_sense():
    talker = Talker()
    [refused] = talker.write("/settings")
    assert refused.text.startswith("Такой команды нет.")
    talker.write("/settings не открываются")
    assert talker.chat.draft["text"] == "/settings не открываются"


def test_too_many_requests_in_a_row(make_app, fake):
    with make_app(**fake.settings, FORM_LIMIT="2 per hour").app_context():
        talker = Talker()
        for words in ("первая", "вторая", "третья"):
            talker.write(words)
            talker.write("новая")
            talker.falls_silent(16)
        braked = talker.messages()[-1]
        assert braked.text.startswith("Из этого чата слишком много заявок подряд. Текст не потерян")
        assert [ticket.what for ticket in talker.tickets] == ["первая\nновая", "вторая"]
        talker.falls_silent(60)
        assert talker.tickets[-1].what == "третья"
