"""Carol's own page, opened by the link of any letter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, escalations, outbox, tickets
from app.extensions import db
from app.models import Escalation, Message, Rating, Ticket
from app.models.words import Cause, Holder, MessageKind, State
from app.tickets import Contribution
from app.web import links
from tests import cast
from tests.web.browse import Browser, check_fragment


@pytest.fixture
def carol(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def address(ticket: Ticket) -> str:
    return f"/r/{links.token_of(ticket)}"


def solve(ticket: Ticket, text: str = "Перезапустили службу ключа") -> None:
    by = cast.acting(cast.alice())
    tickets.take(ticket, by, clock.now())
    tickets.solve(ticket, Contribution(text), by, clock.now())
    outbox.commit()


def ask(ticket: Ticket) -> None:
    by = cast.acting(cast.alice())
    tickets.take(ticket, by, clock.now())
    tickets.ask(ticket, Contribution("Когда удобно подключиться?"), by, clock.now())
    outbox.commit()


def test_the_page_shows_everything_that_was_said_and_nothing_internal(carol: Browser, ticket: Ticket, address: str):
    by = cast.acting(cast.alice())
    tickets.take(ticket, by, clock.now())
    tickets.reply(ticket, Contribution("Вижу ошибку на сервере"), by, clock.now())
    tickets.note(ticket, Contribution("Тайная заметка"), by, clock.now())
    outbox.commit()
    page = carol.open(address)
    assert page.one("article", data_ticket=ticket.number).get("data-state") == "open"
    assert "Вижу ошибку на сервере" in page.text
    assert "Орлова" in page.text
    assert "Тайная" not in page.text
    assert "118/2024" in page.text, "the why sentence with its contract"
    assert page.one("time", data_promise="solution").get("datetime")


def test_what_can_still_be_taken_back_is_not_there_yet(carol: Browser, ticket: Ticket, address: str):
    from app.models import Channel

    by = cast.acting(cast.alice(), Channel.WEB)
    tickets.take(ticket, by, clock.now())
    tickets.reply(ticket, Contribution("Ой, не то"), by, clock.now())
    outbox.commit()
    assert "Ой, не то" not in carol.open(address).text
    clock.shift(timedelta(seconds=11))
    assert "Ой, не то" in carol.open(address).text


def test_an_answer_brings_a_waiting_request_back(carol: Browser, ticket: Ticket, address: str):
    ask(ticket)
    page = carol.open(address)
    assert "Когда удобно подключиться?" in page.text
    assert "на паузе" in page.text
    page = carol.send(page, f"{address}/answer", text="Сегодня после трёх")
    assert page.one("article").get("data-state") == "open"
    assert "Отправлено" in page.text
    assert "Сегодня после трёх" in page.text
    db.session.refresh(ticket)
    assert ticket.holder is Holder.ENGINEER


def test_an_answer_twice_is_one_message(carol: Browser, ticket: Ticket, address: str):
    page = carol.open(address)
    for _ in range(2):
        carol.send(page, f"{address}/answer", text="Ещё одно")
    answers = select(Message).where(Message.kind == MessageKind.ANSWER)
    assert len(list(db.session.scalars(answers))) == 1


def test_an_empty_answer_is_refused_at_its_field(carol: Browser, ticket: Ticket, address: str):
    page = carol.send(carol.open(address), f"{address}/answer", 422, text=" ")
    assert page.one("textarea", id="answer").get("aria-invalid") == "true"
    assert page.all("a", href="#answer")


def test_a_solution_can_be_rated_and_the_rating_changed(carol: Browser, ticket: Ticket, address: str):
    solve(ticket)
    page = carol.open(f"{address}?rating=4")
    assert page.one("input", name="rating", value="4").get("checked") is not None
    assert not list(db.session.scalars(select(Rating))), "a look saves nothing: mail scanners open links"
    page = carol.send(page, f"{address}/rating", comment="Быстро")
    assert "Спасибо за оценку" in page.text
    carol.send(page, f"{address}/rating", rating="2", comment="Опять сломалось")
    assert [one.value for one in db.session.scalars(select(Rating).order_by(Rating.id))] == [4, 2]
    assert db.session.scalars(select(Escalation)).one().cause is Cause.LOW_RATING


def test_a_rating_must_be_chosen(carol: Browser, ticket: Ticket, address: str):
    solve(ticket)
    assert "Выберите оценку" in carol.send(carol.open(address), f"{address}/rating", 422).text


def test_reopening_takes_it_up_again_with_a_new_deadline(carol: Browser, ticket: Ticket, address: str):
    solve(ticket)
    page = carol.send(carol.open(address), f"{address}/reopening", text="Снова та же ошибка")
    assert page.one("article").get("data-state") == "open"
    assert "снова в работе" in page.text
    assert "Снова та же ошибка" in page.text
    db.session.refresh(ticket)
    assert ticket.reopened_count == 1


def test_reopening_needs_no_words(carol: Browser, ticket: Ticket, address: str):
    solve(ticket)
    carol.send(carol.open(address), f"{address}/reopening", text="")
    db.session.refresh(ticket)
    assert ticket.state is State.OPEN


def test_reopening_what_is_open_is_refused_with_the_way_out(carol: Browser, ticket: Ticket, address: str):
    solve(ticket)
    page = carol.open(address)
    carol.send(page, f"{address}/reopening", text="")
    carol.send(page, f"{address}/reopening", 409, text="")


def test_a_complaint_asks_one_question_and_says_who_saw_it(carol: Browser, ticket: Ticket, address: str):
    carol.send(carol.open(address), f"{address}/complaint", 422, text="")
    page = carol.send(carol.open(address), f"{address}/complaint", text="Второй день без ответа")
    assert "у руководителя" in page.text
    escalation = db.session.scalars(select(Escalation)).one()
    assert (escalation.cause, escalation.text) == (Cause.COMPLAINT, "Второй день без ответа")
    escalations.acknowledge(escalation, "", cast.acting(cast.masha()), clock.now())
    outbox.commit()
    assert "Мария Иванова увидел(а) ваше сообщение" in carol.open(address).text


def test_it_is_urgent_by_a_page_and_then_a_button(carol: Browser, ticket: Ticket, address: str):
    page = carol.open(f"{address}/urgency")
    db.session.refresh(ticket)
    assert not ticket.is_urgent
    page = carol.send(page, f"{address}/urgency")
    assert page.one("article").get("data-urgency") == "urgent"
    assert "срочная" in page.text


def test_fragments_keep_themselves_fresh_and_answer_204_when_nothing_changed(
    carol: Browser, ticket: Ticket, address: str
):
    page = carol.open(address)
    for name in ("standing", "thread"):
        own = page.one("div", id=name).get("hx-get")
        assert carol.client.get(own).status_code == 204
    thread = page.one("div", id="thread").get("hx-get")
    tickets.reply(ticket, Contribution("Готово"), cast.acting(cast.alice()), clock.now())
    outbox.commit()
    root = check_fragment(carol.client.get(thread).text)
    assert root.get("id") == "thread"
    assert root.get("hx-get") != thread
    standing = check_fragment(carol.client.get(page.one("div", id="standing").get("hx-get")).text)
    assert "Заявка изменилась" in "".join(standing.itertext())
