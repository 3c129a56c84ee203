"""Replies on real requests: what the page shows, what it folds, and how our own words are known in a quote."""

from __future__ import annotations

from typing import Any

import pytest

from app import clock, outbox, tickets
from app.intake import correspondence
from app.models.ticket import Ticket
from tests import cast
from tests.intake.mailing import MAILBOX, mail, messages, receive, ticket_of

pytestmark = pytest.mark.usefixtures("app")

ASKED = "Добрый день! На каком компьютере это случилось?\n\nИ мигает ли лампочка на ключе защиты?"
HEADERS = """От: СТЕК HelpDesk <{mailbox}>
Отправлено: 3 февраля 2025 г. 10:15
Кому: Ольга Карпова
Тема: Заявка {number}: нужен ваш ответ [#{number}]"""


def asked() -> Ticket:
    """A request by letter about which Alice asks."""
    ticket = ticket_of(receive(mail()))
    tickets.ask(ticket, tickets.Contribution(ASKED), cast.acting(cast.alice()), clock.now())
    outbox.commit()
    return ticket


def replied(ticket: Ticket, words: str, **headers: str) -> Any:
    """The last message after Carol's reply."""
    receive(mail(words, subject=f"RE: нужен ваш ответ [#{ticket.number}]", **headers))
    return messages(ticket)[-1]


def test_the_quote_of_an_outlook_is_folded_on_the_request():
    ticket = asked()
    quote = f"{HEADERS.format(mailbox=MAILBOX, number=ticket.number)}\n\n{ASKED}"
    said = replied(ticket, f"На втором, не мигает.\n\n{quote}")
    assert (said.text, said.quoted) == ("На втором, не мигает.", quote)


def test_answers_between_our_own_words_are_shown():
    ticket = asked()
    quote = f"{HEADERS.format(mailbox=MAILBOX, number=ticket.number)}\n\n{ASKED}"
    words = "Ольга, главный бухгалтер:\n\n" + quote.replace("случилось?", "случилось?\nНа втором от окна.")
    said = replied(ticket, words)
    assert (said.text, said.quoted) == (words, "")


def test_a_strangers_letter_pasted_into_a_reply_is_shown():
    ticket = asked()
    words = (
        "Провайдер пишет так:\n\nОт: Связь <b2b@provider.ru>\nДата: вчера\nКому: Ольга\nТема: Авария\n\nЖдите до пяти."
    )
    assert replied(ticket, words).text == words


def test_our_words_tell_a_quote_without_any_mark():
    ticket = asked()
    quote = f"03.02.2025 10:15, Орлова пишет:\n{ASKED}"
    assert replied(ticket, f"На втором.\n\n{quote}").quoted == quote


def test_notes_are_never_looked_for_in_letters():
    ticket = asked()
    by = cast.acting(cast.alice())
    tickets.note(ticket, tickets.Contribution("Клиент путает компьютеры."), by, clock.now())
    outbox.commit()
    assert list(correspondence.desk_of(ticket).sent()) == [ASKED]
