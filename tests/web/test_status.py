"""Looking a request up: what the number alone shows, and what it never shows."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, outbox, tickets
from app.extensions import db
from app.models import Channel, Event, Promise
from app.models.words import EventKind
from app.tickets import Contribution
from tests import cast
from tests.web.browse import Browser


@pytest.fixture
def mallory(app: Flask) -> Browser:
    return Browser(app)


def links_asked() -> list[str]:
    return [event.data["to"] for event in db.session.scalars(select(Event).where(Event.kind == EventKind.LINKED))]


def test_the_number_alone_shows_state_deadline_and_why(mallory: Browser):
    ticket = cast.request_of_carol()
    promise = db.session.scalars(select(Promise).where(Promise.kind == "solution")).one()
    page = mallory.open(f"/status?number={ticket.number}")
    assert page.one("article", data_ticket=ticket.number).get("data-state") == "new"
    assert page.one("time", data_promise="solution").get("datetime") == promise.due_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert promise.why_public.replace("\xa0", " ") in page.text
    assert "в очереди" in page.text


@pytest.mark.trust("A1")
def test_the_number_alone_never_shows_whose_or_what(mallory: Browser):
    ticket = cast.request_of_carol(text="Тайный текст заявки")
    alice = cast.alice()
    tickets.take(ticket, cast.acting(alice), clock.now())
    tickets.note(ticket, Contribution("Тайная заметка"), cast.acting(alice), clock.now())
    outbox.commit()
    shown = mallory.open(f"/status?number={ticket.number}").response.text
    for secret in (
        "Тайн",
        "Петрова",
        "Ольга",
        "Нева-Трейд",
        "neva-trade",
        "118/2024",
        "Лиговский",
        "Орлова",
        "5550144",
    ):
        assert secret not in shown, secret


@pytest.mark.parametrize("spelling", ["{0}", " {0} ", "№ {0}", "#{0}", "{1} {2}", "{1}-{2}", "№{1}\u00a0{2}"])
def test_spaces_signs_and_dashes_are_accepted(mallory: Browser, spelling: str):
    number = cast.request_of_carol().number
    page = mallory.client.get("/status", query_string={"number": spelling.format(number, number[:3], number[3:])})
    assert f'data-ticket="{number}"' in page.text


def test_a_slip_and_an_unknown_number_are_told_apart(mallory: Browser):
    number = cast.request_of_carol().number
    slip = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "Похоже, в номере опечатка" in mallory.open(f"/status?number={slip}", 422).text
    unknown = next(str(n) for n in range(100000, 200000) if str(n) != number and _is_valid(str(n)))
    assert "Не нашли такую заявку" in mallory.open(f"/status?number={unknown}", 404).text
    assert mallory.open("/status?number=<b>hi", 422).title.startswith("Ошибка:")


def test_an_act_that_can_still_be_taken_back_is_not_shown(mallory: Browser):
    ticket = cast.request_of_carol()
    by_page = cast.acting(cast.alice(), Channel.WEB)
    tickets.take(ticket, by_page, clock.now())
    tickets.solve(ticket, Contribution("Готово"), by_page, clock.now())
    outbox.commit()
    assert mallory.open(f"/status?number={ticket.number}").one("article").get("data-state") == "open"


def test_past_its_deadline_the_page_says_so_honestly(mallory: Browser):
    from datetime import timedelta

    ticket = cast.request_of_carol(at=clock.now() - timedelta(days=30))
    page = mallory.open(f"/status?number={ticket.number}")
    assert "Срок прошёл" in page.text
    assert "Руководитель уже знает" in page.text


@pytest.mark.trust("A1")
def test_the_letter_with_the_link_goes_only_to_who_may_have_it(mallory: Browser):
    number = cast.request_of_carol().number
    answers = set()
    for email in ("mallory@evil.example", "carol@neva-trade.example", "office@neva-trade.example"):
        page = mallory.send(mallory.open(f"/status?number={number}"), "/status/link", number=number, email=email)
        answers.add(page.text)
    assert len(answers) == 1, "one answer for all"
    assert links_asked() == ["carol@neva-trade.example", "office@neva-trade.example"]


def test_the_form_without_an_address_shows_the_state(mallory: Browser):
    number = cast.request_of_carol().number
    page = mallory.send(mallory.open("/status"), "/status/link", number=number)
    assert page.one("article").get("data-ticket") == number


def test_an_address_alone_asks_for_all_open_requests(mallory: Browser):
    cast.request_of_carol()
    page = mallory.send(mallory.open("/status"), "/status/link", email="carol@neva-trade.example")
    stranger = mallory.send(mallory.open("/status"), "/status/link", email="nobody@evil.example")
    assert page.text == stranger.text
    assert links_asked() == ["carol@neva-trade.example"]


def test_a_link_goes_out_three_times_an_hour_at_most(mallory: Browser):
    number = cast.request_of_carol().number
    for _ in range(5):
        mallory.send(mallory.open("/status"), "/status/link", number=number, email="carol@neva-trade.example")
    assert len(links_asked()) == 3


def test_an_empty_or_broken_form_says_what_to_do(mallory: Browser):
    assert "Напишите номер" in mallory.send(mallory.open("/status"), "/status/link", 422).text
    assert "знака @" in mallory.send(mallory.open("/status"), "/status/link", 422, email="carol").text


@pytest.mark.trust("A1")
def test_looking_up_has_a_brake(make_app):
    app = make_app(LOOKUP_LIMIT="2 per minute")
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"198.51.{secrets.randbelow(250)}.{secrets.randbelow(250)}"
    answers = [client.get("/status?number=482173") for _ in range(5)]
    assert answers[-1].status_code == 429
    assert client.get("/status").status_code == 200


def _is_valid(number: str) -> bool:
    from app import numbers

    return numbers.is_valid(number)
