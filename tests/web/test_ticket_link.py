"""Carol's own page, opened by the link of any letter."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, escalations, outbox, tickets
from app.extensions import db
from app.models import Attachment, Escalation, Message, Rating, Ticket
from app.models.words import Cause, Holder, MessageKind, State
from app.tickets import Contribution
from app.web import links
from tests import cast
from tests.web.browse import Browser, check_fragment


@pytest.fixture
def carol(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    return cast.request_of_carol()


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


def test_a_file_travels_with_an_answer_and_comes_back_as_a_download(carol: Browser, ticket: Ticket, address: str):
    body = b"<html><script>alert(1)</script>"
    page = carol.open(address)
    carol.send(page, f"{address}/answer", text="Вот файл", files=[(io.BytesIO(body), "отчёт №1.html")])
    file = db.session.scalars(select(Attachment)).one()
    with carol.client.get(f"{address}/files/{file.id}") as answer:
        assert answer.data == body
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "filename*=UTF-8''%D0%BE%D1%82" in answer.headers["Content-Disposition"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_files_of_other_requests_and_of_notes_are_not_there(carol: Browser, ticket: Ticket, address: str):
    page = carol.open(address)
    carol.send(page, f"{address}/answer", text="Файл", files=[(io.BytesIO(b"x"), "a.txt")])
    file = db.session.scalars(select(Attachment)).one()
    other = cast.request_of_carol(text="Другая заявка")
    carol.open(f"/r/{links.token_of(other)}/files/{file.id}", 404)
    db.session.get_one(Message, file.message_id).kind = MessageKind.NOTE
    outbox.commit()
    carol.open(f"{address}/files/{file.id}", 404)


def test_a_file_that_the_scanner_named_is_not_handed_out(carol: Browser, ticket: Ticket, address: str):
    carol.send(carol.open(address), f"{address}/answer", text="Файл", files=[(io.BytesIO(b"x"), "a.txt")])
    file = db.session.scalars(select(Attachment)).one()
    file.is_infected = True
    outbox.commit()
    assert "в файле нашли вирус" in carol.open(address).text
    carol.open(f"{address}/files/{file.id}", 404)


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


def test_a_new_request_by_the_link_knows_the_contacts(carol: Browser, ticket: Ticket, address: str):
    page = carol.open(f"{address}/new")
    typed = {name: page.one("input", id=name).get("value") for name in ("company", "name", "email", "phone")}
    assert typed == {
        "company": "ООО «Нева-Трейд»",
        "name": "Петрова Ольга Сергеевна",
        "email": "carol@neva-trade.example",
        "phone": "+7 (900) 555-01-44",
    }
    page = carol.send(page, "/", what="Теперь принтер")
    assert page.one("div", data_state="new").get("data-ticket") != ticket.number


def test_a_wrong_link_opens_nothing(carol: Browser, ticket: Ticket, address: str):
    carol.open(address[:-1] + ("A" if address[-1] != "A" else "B"), 404)
    carol.open("/r/nonsense", 404)
    token = links.token_of(cast.request_of_carol(text="Другая"))
    carol.open(f"/r/{ticket.number}.{token.partition('.')[2]}", 404)


def test_a_revoked_link_opens_nothing(carol: Browser, ticket: Ticket, address: str):
    ticket.link_version += 1
    outbox.commit()
    carol.open(address, 404)


def test_a_link_lives_until_the_reopening_window_ends_and_180_days_more(carol: Browser, ticket: Ticket, address: str):
    solve(ticket)
    ticket.state, ticket.closed_at = State.CLOSED, clock.now()
    outbox.commit()
    clock.shift(timedelta(days=209))
    carol.open(address)
    clock.shift(timedelta(days=2))
    assert "больше не действует" in carol.open(address, 410).text


def test_an_answer_after_the_window_opens_a_new_linked_request(carol: Browser, ticket: Ticket, address: str):
    solve(ticket)
    ticket.state, ticket.closed_at = State.CLOSED, clock.now()
    outbox.commit()
    clock.shift(timedelta(days=40))
    page = carol.send(carol.open(address), f"{address}/reopening", text="Опять не открывается")
    assert "открыли новую" in page.text
    assert page.one("article").get("data-ticket") != ticket.number


@pytest.mark.parametrize("act", ["answer", "reopening", "rating", "complaint", "urgency"])
def test_no_act_without_its_token(carol: Browser, ticket: Ticket, address: str, act: str):
    carol.post(f"{address}/{act}", 400, data={"text": "x", "rating": "5"})
