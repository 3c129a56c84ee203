"""The script of the dialogue, line by line: rating, reopening, complaint, call."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import complaints, outbox
from app.extensions import db
from app.models import Cause, Channel, Complaint, ComplaintEntry, Event, EventKind, Rating, State
from tests.cast import acting, masha
from tests.history import causes
from tests.telegram.talker import Talker, requested, said, solved, talker_of_carol

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def known() -> Talker:
    return talker_of_carol()


def test_rating(known: Talker):
    ticket = solved(known)
    [thanks] = known.press_data(f"rate:{ticket.number}:5")
    assert thanks.text == "Спасибо! Хотите добавить пару слов? Можно не отвечать."
    known.write("Быстро и вежливо")
    [changed] = known.press_data(f"rate:{ticket.number}:2")
    assert changed.text == "Поменяли на 2. Что нам исправить?"
    known.write("Опять сломалось через час")
    values = db.session.execute(select(Rating.value, Rating.comment).order_by(Rating.id)).all()
    assert [tuple(row) for row in values] == [
        (5, ""),
        (5, "Быстро и вежливо"),
        (2, "Быстро и вежливо"),
        (2, "Быстро и вежливо\nОпять сломалось через час"),
    ]
    assert causes(ticket) == [Cause.LOW_RATING]
    [back] = known.press_data(f"rate:{ticket.number}:5")
    assert back.text == "Поменяли на 5."
    [twice] = known.press_data(f"rate:{ticket.number}:5")
    assert twice.text == "Ваша оценка: 5. Спасибо!"


def test_a_low_rating(known: Talker):
    ticket = solved(known)
    [sorry] = known.press_data(f"rate:{ticket.number}:1")
    assert sorry.text == "Жаль, что так вышло. Что нам исправить?"
    assert causes(ticket) == [Cause.LOW_RATING]


def test_reopening(known: Talker):
    ticket = solved(known)
    [what] = known.press_data(f"reopen:{ticket.number}")
    assert what.text == "Что осталось не так?"
    assert known.write("Снова просит ключ") == [], "the notice of the reopening names the deadline"
    assert (ticket.state, ticket.reopened_count, said(ticket)[-1]) == (State.OPEN, 1, "Снова просит ключ")
    [already, _card] = known.press_data(f"reopen:{ticket.number}")
    assert already.text == f"Заявка {ticket.number} уже в работе."


def test_who_pressed_reopen_and_fell_silent_meant_it(known: Talker):
    ticket = solved(known)
    known.press_data(f"reopen:{ticket.number}")
    known.falls_silent(16)
    db.session.refresh(ticket)
    assert (ticket.state, ticket.reopened_count) == (State.OPEN, 1)
    assert (known.chat.step, known.chat.registers_at) == ("", None)


def test_complaint(known: Talker):
    ticket = requested(known)
    [what] = known.press_data(f"complain:{ticket.number}")
    assert what.text == "Напишите, что не так. Сообщение сразу получит руководитель HelpDesk."
    [told] = known.write("Второй день никто не перезвонил")
    assert told.text.startswith(
        "Передали руководителю. Если дело не терпит, позвоните: "
        "+7 (965) 022-69-06 или +7 (965) 022-69-71, круглосуточно. Ответ будет до: "
    )
    assert causes(ticket) == [Cause.COMPLAINT]
    [event] = db.session.scalars(select(Event).where(Event.kind == EventKind.COMPLAINED))
    assert ("text" in event.data, event.channel) == (False, Channel.TELEGRAM)
    [entry] = db.session.scalars(select(ComplaintEntry))
    assert entry.text == "Второй день никто не перезвонил"


def test_an_answer_about_a_complaint_goes_to_the_complaint(known: Talker):
    ticket = requested(known)
    known.press_data(f"complain:{ticket.number}")
    known.write("Второй день никто не перезвонил")
    complaint = db.session.scalars(select(Complaint)).one()
    complaints.answer(complaint, "Разобрались", acting(masha()), known.at)
    outbox.commit()
    [answer] = known.hear()
    assert answer.text.endswith("Разобрались")
    known.press_data(f"head:{complaint.id}")
    known.write("Не согласна")
    db.session.refresh(complaint)
    assert complaint.state == "open"
    assert [one.text for one in db.session.scalars(select(ComplaintEntry).order_by(ComplaintEntry.id))][
        -2
    ] == "Не согласна"


def test_the_head_is_called_without_a_request(known: Talker):
    known.write("Позвонить")
    [what] = known.press_data("head")
    assert what.text.startswith("Что случилось? Позовём руководителя")
    known.write("Не дозвониться в поддержку")
    complaint = db.session.scalars(select(Complaint)).one()
    assert (complaint.ticket_id, complaint.chat_id, complaint.origin) == (None, known.chat.id, "call")


def test_call():
    [call] = Talker().write("Позвонить")
    assert call.text == (
        "Поддержка: (812) 363-17-87, 493-79-19. Руководитель, круглосуточно: +7 (965) 022-69-06, +7 (965) 022-69-71."
    )
