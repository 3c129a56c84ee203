"""Requests like one: solved ones that share its words, the rare ones most, at a price that does not grow."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from app import outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import Ticket
from app.search import indexing
from app.search.similar import MOST, similar
from app.tickets import Contribution
from tests.cast import acting, alice, neva_trade, request_of_carol

MOST_STATEMENTS = 10
NOISE = (
    "Не печатает принтер на складе", "Нет интернета в офисе", "Забыт пароль от почты", "Компьютер сам выключается",
    "Нужна новая мышь", "Почта не отправляется", "Тормозит компьютер директора", "Заменить картридж в принтере",
    "Не открывается сайт банка", "Настроить телефон секретарю", "Закончилось место на диске", "Интернет медленный",
)  # fmt: skip


def solved(text: str, done: str = "Сделано", **more: Any) -> Ticket:
    ticket = request_of_carol(text=text, **more)
    tickets.solve(ticket, Contribution(done), acting(alice()), now())
    outbox.commit()
    return ticket


@pytest.fixture(autouse=True)
def noise(app: Flask) -> None:
    """The common words of a desk, solved by others: what is rare among them is what tells."""
    for text in NOISE:
        solved(text, email="dan@other.example", company="Ромашка", phone="")


def like(ticket: Ticket) -> list[str]:
    """Titles, the likest first."""
    indexing.run()
    ids = similar(ticket.id, ticket.title, ticket.what, ticket.company_id)
    titles = dict(db.session.execute(select(Ticket.id, Ticket.title)).all())
    db.session.rollback()
    return [titles[one] for one in ids]


def test_shared_words_in_all_their_forms():
    solved("1С: не найден ключ HASP, программа не запускается")
    solved("Ключи от переговорной потеряны")
    ticket = request_of_carol(text="1С не открывается. Пишет, что ключа HASP нет, программы не запускаются")
    assert like(ticket) == ["1С: не найден ключ HASP, программа не запускается"]


def test_rare_words_count_more_than_common_ones():
    rare, common = "Плоттер мажет синим", "Принтер мажет чёрным"
    solved(rare)
    for number in range(8):
        solved(f"{common} на {number} этаже", email="dan@other.example", company="Ромашка", phone="")
    ticket = request_of_carol(text="Плоттер и принтер мажут")
    assert like(ticket)[0] == rare


def test_one_common_word_is_no_likeness():
    ticket = request_of_carol(text="Принтер просит сменить фотобарабан")
    assert like(ticket) == []


def test_only_solved_and_closed_ones_and_never_itself():
    text = "Фискальный накопитель переполнен"
    request_of_carol(text=text)
    again = solved(text)
    tickets.reopen(again, None, acting(alice()), now())
    merged, into = request_of_carol(text=text), request_of_carol(text=text)
    tickets.merge(into, merged, acting(alice()), now())
    closed = solved(text)
    tickets.close(closed, now())
    outbox.commit()
    ticket = solved(text)
    assert like(ticket) == [closed.title]
    indexing.run()
    assert similar(ticket.id, ticket.title, ticket.what, None) == [closed.id]


def test_one_whose_words_were_erased_is_like_none():
    erased = solved("Данные стёрты")
    erased.erased_at = now()
    outbox.commit()
    assert like(request_of_carol(text="Данные стёрты с диска")) == []


def test_of_equals_the_companys_own_come_first_and_there_are_not_many():
    text = "Фискальный накопитель переполнен"
    own = solved(text)
    for _number in range(6):
        solved(text, email="dan@other.example", company="Ромашка", phone="")
    ticket = request_of_carol(text=text)
    indexing.run()
    found = similar(ticket.id, ticket.title, ticket.what, neva_trade().id)
    assert found[0] == own.id
    assert len(found) == MOST
    assert found[1:] == sorted(found[1:], reverse=True)


@pytest.mark.parametrize("text", ["…", "Да", "аб вг", "«»", "%_' \" AND OR NOT *"])
def test_words_that_say_nothing_find_nothing(text: str):
    assert like(request_of_carol(text=text)) == []


def test_what_is_not_indexed_yet_finds_and_is_found_later():
    old = solved("Фискальный накопитель переполнен")
    indexing.run()
    ticket = request_of_carol(text="Переполнен фискальный накопитель")
    assert similar(ticket.id, ticket.title, ticket.what, None) == [old.id]


def test_long_texts_cost_no_more_statements():
    """And neither do many requests: candidates are bounded."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    def statements(ticket: Ticket) -> int:
        indexing.run()
        event.listen(db.engine, "before_cursor_execute", note)
        similar(ticket.id, ticket.title, ticket.what, ticket.company_id)
        event.remove(db.engine, "before_cursor_execute", note)
        count = len(sent)
        sent.clear()
        db.session.rollback()
        return count

    text = "Не печатает плоттер в переговорной"
    solved(text)
    few = statements(request_of_carol(text=text))
    for _number in range(12):
        solved(text)
    assert statements(request_of_carol(text=text)) == few
    long = f"{text}. {' '.join(NOISE)} {' '.join(f'слово{number}' for number in range(500))}"
    assert statements(request_of_carol(text=long)) <= MOST_STATEMENTS
