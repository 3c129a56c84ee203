"""The figures of a letter lead to a page that rates one request, and shows and does nothing else."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, notify, outbox, signing, tickets
from app.extensions import db
from app.models import Rating, Ticket
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.notify.letters import html_of, text_of, to
from tests.notify.rows import CAROL
from tests.web.browse import Browser


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    found = request_of_carol()
    tickets.solve(found, Contribution("Заменили кабель."), acting(alice()), clock.now())
    outbox.commit()
    return found


def address(ticket: Ticket) -> str:
    return f"/rating/{signing.rating_token(ticket.number, ticket.link_version)}"


def values() -> list[int]:
    return [one.value for one in db.session.scalars(select(Rating).order_by(Rating.id))]


@pytest.mark.trust("S16")
def test_a_look_rates_nothing_and_a_button_does(app: Flask, ticket: Ticket):
    carol, where = Browser(app), address(ticket)
    page = carol.open(f"{where}?rating=4")
    assert page.one("input", name="rating", value="4").get("checked") is not None
    assert "ключ защиты" not in page.text, "nothing of the request"
    assert "Нева-Трейд" not in page.text
    assert values() == []
    page = carol.send(page, where, comment="Быстро")
    assert "Спасибо за оценку!" in page.text
    carol.send(page, where, rating="5")
    assert values() == [4, 5]
    assert "Выберите оценку" in carol.send(carol.open(where), where, 422, rating="9").text


def test_it_is_for_nothing_else(app: Flask, ticket: Ticket):
    carol = Browser(app)
    for_rating = signing.rating_token(ticket.number, ticket.link_version)
    for_all = signing.link_token(ticket.number, ticket.link_version)
    carol.open(f"/r/{for_rating}", 404)
    carol.open(f"/rating/{for_all}", 404)
    ticket.link_version += 1
    outbox.commit()
    carol.open(f"/rating/{for_rating}", 404)


def test_letters_lead_there(ticket: Ticket):
    notify.run()
    letter = to(CAROL)[-1]
    for body in (text_of(letter), html_of(letter)):
        assert all(f"{address(ticket)}?rating={value}" in body for value in range(1, 6))


def test_what_is_not_solved_has_nothing_to_rate(app: Flask):
    other = request_of_carol()
    page = Browser(app).open(address(other))
    assert "Сейчас оценивать нечего" in page.text
    assert not page.all("input", name="rating")
