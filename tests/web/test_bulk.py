"""Acts on what is ticked: each by itself, failures by name, the rest done, undone together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import bulk, clock, outbox, tickets
from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.models import BulkAct, Holder, Message, State
from tests.cast import acting, alice, bob, request_of_carol
from tests.history import kinds
from tests.web.browse import Browser
from tests.web.picking import done, picked, undone


def test_several_are_given_to_a_colleague_and_taken_back(alices: Browser):
    first, second = request_of_carol(), request_of_carol(text="Вторая")
    tickets.take(second, acting(alice()), now())
    outbox.commit()
    page = picked(alices, "assignment", first, second)
    page = done(alices, page, "assignment", [first, second], engineer=bob().id)
    assert "Назначено заявок: 2" in page.text
    assert first.engineer_id == second.engineer_id == bob().id
    page = undone(alices, page)
    assert "Отменено, заявок: 2" in page.text
    assert [first.engineer_id, second.engineer_id] == [None, alice().id]
    assert first.state is State.NEW


def test_words_are_taken_back_and_a_colleague_keeps_what_he_was_given_meanwhile(alices: Browser):
    first, second = request_of_carol(), request_of_carol(text="Вторая")
    page = done(alices, picked(alices, "question", first, second), "question", [first, second], text="Какой кабинет?")
    tickets.assign(first, bob(), acting(bob()), now())
    outbox.commit()
    undone(alices, page)
    assert [first.engineer_id, second.engineer_id] == [bob().id, None]
    assert {one.recalled_at is None for one in db.session.query(Message).filter_by(text="Какой кабинет?")} == {False}


def test_one_question_goes_to_each_and_is_recalled_from_each(alices: Browser):
    chosen = [request_of_carol(), request_of_carol(text="Вторая")]
    page = picked(alices, "question", *chosen)
    page = done(alices, page, "question", chosen, text="Какая версия?")
    assert "Вопросов клиентам: 2" in page.text
    assert {one.state for one in chosen} == {State.WAITING}
    assert db.session.query(Message).filter_by(text="Какая версия?").count() == 2
    undone(alices, page)
    assert {(one.state, one.holder, one.engineer_id) for one in chosen} == {(State.NEW, Holder.QUEUE, None)}


def test_what_has_left_is_not_taken_back_and_named(alices: Browser):
    chosen = [request_of_carol(), request_of_carol(text="Вторая")]
    page = done(alices, picked(alices, "solution", *chosen), "solution", chosen, text="Перезапустили службу")
    assert {one.state for one in chosen} == {State.SOLVED}
    clock.shift(timedelta(minutes=1))
    page = undone(alices, page)
    assert page.text.count("Сообщение уже ушло клиенту") == 2
    assert {one.state for one in chosen} == {State.SOLVED}


def test_what_a_colleague_changed_meanwhile_is_refused_by_name_and_the_rest_done(alices: Browser):
    mine, theirs = request_of_carol(), request_of_carol(text="Вторая")
    page = picked(alices, "solution", mine, theirs)
    tickets.take(theirs, acting(bob()), now())
    outbox.commit()
    page = done(alices, page, "solution", [mine, theirs], text="Готово")
    assert f"{theirs.number}: Пока вы смотрели, в заявке изменилось" in page.text
    assert "Сделано: 1. Не получилось:" in page.text
    assert [mine.state, theirs.state] == [State.SOLVED, State.OPEN]


@pytest.mark.parametrize(
    ("act", "why"), [("assignment", "Выберите инженера"), ("question", "Напишите текст"), ("solution", "Напишите")]
)
def test_a_form_without_what_it_needs_says_so_and_keeps_what_was_ticked(alices: Browser, act: str, why: str):
    ticket, other = request_of_carol(), request_of_carol(text="Вторая")
    page = done(alices, picked(alices, act, ticket, other), act, [ticket], status=422)
    assert why in page.text
    ticked = [one.get("value") for one in page.all("input", name="number") if one.get("checked") is not None]
    assert ticked == [ticket.number]
    assert len(page.all("input", name="number")) == 2
    assert kinds(ticket) == kinds(other)


def test_nothing_ticked_says_so(alices: Browser):
    request_of_carol()
    assert "Сначала отметьте заявки" in picked(alices, "question").text


def test_the_bar_leads_to_merging(alices: Browser):
    chosen = [request_of_carol(), request_of_carol(text="Вторая")]
    page = picked(alices, "merging", *chosen)
    assert page.address == "/tickets/merging"
    assert all(one.number in page.text for one in chosen)


def test_only_its_author_takes_an_act_back_and_only_for_ten_minutes(alices: Browser):
    ticket, other = request_of_carol(), request_of_carol(text="Вторая")
    page = done(alices, picked(alices, "assignment", ticket, other), "assignment", [ticket, other], engineer=bob().id)
    one = db.session.query(BulkAct).one()
    with pytest.raises(NotFound, match="Такого действия нет"):
        bulk.undo(one.id, acting(bob()), now())
    db.session.rollback()
    clock.shift(timedelta(minutes=11))
    assert "Отменить можно было 10 минут" in undone(alices, page).text
    assert ticket.engineer_id == bob().id
