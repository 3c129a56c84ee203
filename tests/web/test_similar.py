"""«Похожие решённые» beside a request: by themselves after the page, by a link without a script."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app import outbox, tickets
from app.clock import now
from app.models import Channel, Ticket
from app.search import indexing
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.web.acting import address
from tests.web.browse import Browser, check_fragment

TEXT = "Фискальный накопитель переполнен"
DONE = "Заменили накопитель,\nперерегистрировали кассу"
IN_PART = {"HX-Request": "true"}


def solved(**more: Any) -> Ticket:
    ticket = request_of_carol(text=TEXT, **more)
    tickets.solve(ticket, Contribution(DONE), acting(alice()), now())
    outbox.commit()
    return ticket


def test_the_page_asks_for_them_once_it_stands(alices: Browser):
    solved()
    ticket = request_of_carol(text=TEXT)
    indexing.run()
    page = alices.open(address(ticket))
    place = page.root.find(".//div[@id='similar']")
    assert (place.get("hx-get"), place.get("hx-trigger")) == (f"{address(ticket)}/similar", "load")
    assert "Заменили накопитель" not in page.response.text


def test_they_tell_what_was_done(alices: Browser):
    own = solved()
    other = solved(email="dan@other.example", company="Ромашка", phone="")
    ticket = request_of_carol(text=TEXT)
    indexing.run()
    part = alices.client.get(f"{address(ticket)}/similar", headers=IN_PART)
    root = check_fragment(part.text)
    links = [one.get("href") for one in root.iter("a")]
    assert links == [address(own), address(other)]
    for words in ("Похожие решённые", TEXT, "Ромашка", "Заменили накопитель, перерегистрировали кассу", "решена"):
        assert words in part.text
    assert own.number in part.text
    button = next(root.iter("button")).get("data-template")
    answer = alices.client.get(button)
    assert (answer.text, answer.mimetype) == (DONE, "text/plain")


def test_where_there_are_none_nothing_is_shown(alices: Browser):
    ticket = request_of_carol(text=TEXT)
    indexing.run()
    root = check_fragment(alices.client.get(f"{address(ticket)}/similar", headers=IN_PART).text)
    assert root.get("hidden") is not None
    assert not "".join(root.itertext()).strip()
    assert "не нашлось" in alices.open(f"{address(ticket)}/similar").text


def test_without_a_script_they_are_a_page(alices: Browser):
    own = solved()
    ticket = request_of_carol(text=TEXT)
    indexing.run()
    page = alices.open(f"{address(ticket)}/similar")
    assert "Похожие решённые" in page.text
    assert f'href="{address(own)}"' in page.response.text
    assert "Вставить" not in page.text


def test_what_was_taken_back_is_no_solution(alices: Browser):
    ticket = request_of_carol(text=TEXT)
    assert alices.client.get(f"{address(ticket)}/done").status_code == 404
    own = acting(alice(), Channel.WEB)
    said = tickets.solve(ticket, Contribution(DONE), own, now())
    outbox.commit()
    assert alices.client.get(f"{address(ticket)}/done").text == DONE
    tickets.recall(ticket, said, own, now())
    outbox.commit()
    assert alices.client.get(f"{address(ticket)}/done").status_code == 404
    assert alices.client.get("/tickets/123/done").status_code == 404
    assert alices.client.get("/tickets/123/similar").status_code == 404


def test_strangers_learn_nothing(app: Flask, alices: Browser):
    ticket = solved()
    stranger = app.test_client()
    for path in ("similar", "done"):
        assert stranger.get(f"{address(ticket)}/{path}").status_code == 302
        assert stranger.get(f"{address(ticket)}/{path}", headers=IN_PART).status_code == 401
        assert alices.client.post(f"{address(ticket)}/{path}").status_code in {400, 405}


def test_hostile_words_stay_words(alices: Browser):
    ticket = request_of_carol(text=f"{TEXT} <script>alert(1)</script>")
    tickets.solve(ticket, Contribution("<img src=x onerror=alert(1)>"), acting(alice()), now())
    outbox.commit()
    again = request_of_carol(text=TEXT)
    indexing.run()
    part = alices.client.get(f"{address(again)}/similar", headers=IN_PART)
    assert "&lt;script&gt;" in part.text
    assert "<script" not in part.text
    assert "<img" not in part.text
