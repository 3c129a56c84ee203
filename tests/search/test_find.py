"""Found is what was meant: forms, slips, layouts, filters, pages, on both databases alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app import clock, outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import Attachment, Company, Message, State, Ticket
from app.models.words import Channel
from app.search import index, indexing, query
from app.search.filters import Filters
from app.search.tickets import BEST_OF, find, number_of
from app.tickets.contributions import Contribution
from tests.cast import acting, alice, bob, neva_trade, request_of_carol
from tests.search.asking import asked, made

pytestmark = pytest.mark.usefixtures("app")


def test_words_in_all_their_forms():
    one = made("Не печатает принтер в бухгалтерии")
    two = made("Все принтеры на складе встали, потеряли заявку")
    three = made("The printers are crashing again; sent from my phone")
    for text in ("принтер", "Принтеров", "ПРИНТЕРАМИ", "принтеры!"):
        assert asked(text) == [two.number, one.number], text
    assert asked("заявок") == [two.number]
    assert asked("печатал") == asked("печатают") == [one.number]
    for text in ("printer", "crashed", "crash printer", "send"):
        assert asked(text) == [three.number], text
    assert asked("принтер склад") == [two.number]
    assert asked("принтер склад бухгалтерия")[1:] == asked("принтер автобус") == []


def test_everything_that_is_said_is_found_and_what_was_taken_back_is_not():
    ticket = made("Касса молчит", whose="у кассира Зинаиды", where="Литейный")
    tickets.take(ticket, acting(alice()), now())
    tickets.reply(ticket, Contribution("Перепрошили фискальник"), acting(alice()), now())
    tickets.note(ticket, Contribution("Пароль сейфа у вахтёра"), acting(alice()), now())
    recalled = tickets.reply(ticket, Contribution("Выкиньте эту рухлядь"), acting(alice(), Channel.WEB), now())
    outbox.commit()
    indexing.run()
    for text in ("зинаида", "литейный", "фискальник", "вахтер", "вахтёру", "Петрова Ольга", "Нева-Трейд", "рухлядь"):
        assert asked(text) == [ticket.number], text
    tickets.recall(ticket, recalled, acting(alice(), Channel.WEB), now())
    outbox.commit()
    indexing.run()
    assert asked("рухлядь") == []
    assert asked("Орлова") == []  # whose the requests are, a filter tells


def test_files_by_their_names():
    ticket = made("Счёт не открывается")
    other = made("Счёт не печатается")
    message = db.session.scalars(select(Message).where(Message.ticket_id == ticket.id)).first()
    db.session.add(
        Attachment(
            message_id=message.id, ticket_id=ticket.id, name="накладная_118.pdf", type="application/pdf", size=1,
            sha256="0" * 64, storage_id="x",
        )
    )  # fmt: skip
    outbox.commit()
    indexing.run()
    assert asked("накладные 118") == [ticket.number]
    assert asked("счет") == [other.number, ticket.number]
    assert asked("счет", Filters(has_file=True)) == [ticket.number]


def test_number_phone_and_address():
    ticket = made("Пишите на vera@sklad.example, звоните 8-921-300-11-22")
    assert number_of(query.typed(f"№ {ticket.number[:3]} {ticket.number[3:]}")) == ticket.number
    assert number_of(query.typed("482174")) is None
    for text in (
        "+7 900 555 01 44",
        "8(900)555-01-44",
        "Carol@neva-trade.example",
        "vera@sklad.example",
        "79213001122",
    ):
        assert asked(text) == [ticket.number], text
    assert asked("8 900 555 01 45") == asked("dora@sklad.example") == []
    fresh = request_of_carol(text="Ещё не в указателе")
    assert asked("+79005550144") == [fresh.number, ticket.number]


def test_one_slip_is_forgiven_and_told():
    ticket = made("Роутер перегревается")
    for text in ("роуетр", "рутер", "рооутер", "раутер", "роутре", "перегривается"):
        assert asked(text) == [ticket.number], text
    found = find(query.typed("рутер"), Filters().wanted(), None, 5)
    assert [(meaning.word, meaning.others) for meaning in found.mended] == [("рутер", ("роутер",))]
    assert asked("ратр") == asked("кот") == []
    assert find(query.typed("роутеры"), Filters().wanted(), None, 5).mended == []


def test_a_slip_that_somebody_wrote_too():
    ticket = made("Сканер не видит сеть")
    made("Где мой сканре?")
    assert asked("сканре сеть") == [ticket.number]


def test_the_other_layout_and_words_begun():
    ticket = made("Принтер LaserJet не видит бумагу, ключ просрочен")
    for text in ("ghbynth", "Ghbynths", ",evfue", "дфыукоуе", "rk.x", "прин", "laserj"):
        assert asked(text) == [ticket.number], text
    assert asked("пр") == []


def test_filters_narrow():
    first = made("Принтер первый")
    clock.shift(timedelta(days=3))
    second = made("Принтер второй", email="dan@other.example", company="Ромашка", channel=Channel.PHONE)
    tickets.take(second, acting(bob()), now())
    outbox.commit()
    assert asked("принтер", Filters(states=(State.NEW,))) == [first.number]
    assert asked("принтер", Filters(states=(State.NEW, State.OPEN))) == [second.number, first.number]
    assert asked("принтер", Filters(engineer_id=bob().id)) == [second.number]
    assert asked("принтер", Filters(engineer_id=0)) == [first.number]
    assert asked("принтер", Filters(company_id=neva_trade().id)) == [first.number]
    assert asked("принтер", Filters(since=now() - timedelta(days=1))) == [second.number]
    assert asked("принтер", Filters(until=now() - timedelta(days=1))) == [first.number]
    assert asked("принтер", Filters(channel=Channel.PHONE)) == [second.number]
    assert asked("dan@other.example", Filters(states=(State.NEW,))) == []


def test_a_period_is_of_moments_and_not_of_ids():
    """What was imported is older than its id tells."""
    first = made("Принтер первый")
    clock.shift(timedelta(days=90))
    imported, last = made("Принтер из старой системы"), made("Принтер последний")
    db.session.execute(update(Ticket).where(Ticket.id == imported.id).values(created_at=now() - timedelta(days=80)))
    outbox.commit()
    assert asked("принтер", Filters(until=now() - timedelta(days=60))) == [imported.number, first.number]
    assert asked("принтер", Filters(since=now() - timedelta(days=60))) == [last.number]
    assert asked("принтер", Filters(since=now() - timedelta(days=85), until=now() - timedelta(days=60))) == [
        imported.number
    ]
    assert asked("принтер", Filters(since=now() + timedelta(days=1))) == []
    assert asked("принтер", Filters(until=now() - timedelta(days=600))) == []


def test_the_best_come_first_when_asked_for():
    title = made("Принтер")
    text = made("Всё встало. " * 40 + "И принтеры тоже")
    assert asked("принтер") == [text.number, title.number]
    assert asked("принтер", best_first=True) == [title.number, text.number]


@pytest.mark.parametrize("best_first", [False, True])
def test_pages_hold_each_once(best_first: bool):
    numbers = [request_of_carol(text=f"Принтер {n}").number for n in range(7)]
    indexing.run()
    typed, after, seen = query.typed("принтер"), None, []
    while True:
        found = find(typed, Filters().wanted(), after, 3, best_first=best_first)
        seen += found.ids
        after = found.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == len(numbers) <= BEST_OF


def test_windows_reach_the_first_request(monkeypatch: pytest.MonkeyPatch):
    """Spans of two, so that every window is crossed."""
    monkeypatch.setattr("app.search.words.SPAN", 2)
    monkeypatch.setattr("app.search.index.FIRST", 1)
    monkeypatch.setattr("app.search.index.GROWTH", 2)
    oldest = request_of_carol(text="Принтер самый старый")
    for n in range(9):
        request_of_carol(text=f"Монитор {n}")
    newest = request_of_carol(text="Принтер самый новый")
    indexing.run()
    assert asked("принтер") == [newest.number, oldest.number]
    assert asked("принтер", Filters(states=(State.NEW,))) == [newest.number, oldest.number]
    monkeypatch.setattr("app.search.index.PATIENCE", -1)
    seen, after = [], None
    for _turn in range(20):
        found = find(query.typed("принтер"), Filters().wanted(), after, 50)
        seen += found.ids
        after = found.next
        if after is None:
            break
        assert found.is_cut
    assert seen == [newest.id, oldest.id]


@pytest.fixture
def filled(app: Flask) -> Flask:
    made("Принтер OR NOT «сканер» 100% _c1 a'b")
    return app


@pytest.mark.trust("I5")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.text("\"'*()&|!:<>^-+ \\{}%_@.№#018абвcANDORNOTEпринтер\0\n;,[]`", max_size=60))
def test_any_text_is_answered(filled: Flask, text: str):
    for best_first in (False, True):
        find(query.typed(text), Filters(has_file=best_first).wanted(), None, 3, best_first=best_first)


@pytest.mark.trust("I5")
def test_a_company_token_cannot_be_typed(filled: Flask):
    company = db.session.scalars(select(Company.id)).first()
    assert index.find([[f"_c{company}"]], (), None, 5).ids
    assert asked(f"_c{company}") == asked(f"c{company}")
