"""The search box and its page: a number opens its request, words are marked, filters and pages keep what was typed."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import outbox, tickets
from app.clock import now
from app.models import Ticket
from app.search import indexing
from app.tickets.contributions import Contribution
from tests.cast import acting, alice, bob, neva_trade, request_of_carol
from tests.web.browse import Browser, Page
from tests.web.signing_in import browser_of, signed_in


@pytest.fixture
def engineer(app: Flask) -> Browser:
    return signed_in(app, alice())


def made(text: str, **more: Any) -> Ticket:
    ticket = request_of_carol(text=text, **more)
    indexing.run()
    return ticket


def shown(page: Page) -> list[str]:
    return [row.get("data-ticket") or "" for row in page.all("li") if row.get("data-ticket")]


def marked(page: Page) -> list[str]:
    return ["".join(mark.itertext()) for mark in page.all("mark")]


def test_the_box_is_on_every_page_once(engineer: Browser):
    ticket = made("Принтер")
    for path in ("/queue", f"/tickets/{ticket.number}", "/tickets/new", "/search", "/me/telegram"):
        assert engineer.open(path).one("input", id="search-box").get("name") == "q", path


def test_a_number_opens_its_request(engineer: Browser):
    number = made("Принтер").number
    for text in (number, f"№ {number[:3]} {number[3:]}", f"#{number}", f"заявка {number}"):
        response = engineer.client.get("/search", query_string={"q": text})
        assert (response.status_code, response.location) == (302, f"/tickets/{number}"), text


def test_a_slip_in_a_number_is_named(engineer: Browser):
    number = made("Принтер").number
    slip = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "Похоже, в номере опечатка" in engineer.open(f"/search?q={slip}").text


def test_forms_are_marked_and_nothing_becomes_markup(engineer: Browser):
    ticket = made("<script>alert(1)</script> Все ПРИНТЕРЫ & сканеры <b>встали</b>")
    tickets.note(ticket, Contribution("Смотрел: принтера нет в сети"), acting(bob()), now())
    outbox.commit()
    indexing.run()
    page = engineer.open("/search?q=" + quote("принтером <script>"))
    assert shown(page) == [ticket.number]
    assert {"ПРИНТЕРЫ", "script"} <= set(marked(page))
    assert "<script>alert(1)</script>" in page.text
    page = engineer.open("/search?q=" + quote("смотреть сеть"))
    assert set(marked(page)) == {"Смотрел", "сети"}
    assert "заметка: Смотрел: принтера нет в сети" in page.text


def test_nothing_found_says_where_it_was_looked_for(engineer: Browser):
    made("Принтер")
    page = engineer.open("/search?q=" + quote("автобус <i>"))
    assert "Ничего не нашли по «автобус <i>»" in page.text
    assert "Ищем в номере, тексте, компании, телефоне" in page.text
    page = engineer.open("/search?q=" + quote("принтер") + "&state=closed")
    assert [link.get("href") for link in page.all("a") if "без сужений" in "".join(link.itertext())]
    assert "Что найти?" in engineer.open("/search").text


def test_what_was_looked_for_instead_is_told(engineer: Browser):
    ticket = made("Роутер перегревается")
    page = engineer.open("/search?q=" + quote("рутер"))
    assert shown(page) == [ticket.number]
    assert "«рутер» нигде не встретилось. Искали также: роутер." in page.text
    assert shown(engineer.open("/search?q=hjenth")) == [ticket.number]


def test_filters_stay_with_the_words_from_page_to_page(engineer: Browser, count_queries):
    numbers = [request_of_carol(text=f"Принтер {n}").number for n in range(70)]
    indexing.run()
    address = f"/search?q={quote('принтер')}&state=active&company={neva_trade().id}&since=2020-01-01&channel=web"
    seen: list[str] = []
    while address:
        with count_queries() as asked:
            page = engineer.open(address)
        assert asked() < 25
        seen += shown(page)
        following = [link.get("href") or "" for link in page.all("a", rel="next")]
        address = following[0] if following else ""
        if address:
            kept = parse_qs(urlsplit(address).query)
            assert (kept["state"], kept["channel"], kept["since"]) == (["active"], ["web"], ["2020-01-01"])
    assert seen == numbers[::-1]
    best = engineer.open(f"/search?q={quote('принтер')}&order=best")
    assert len(shown(best)) == 30


@pytest.mark.parametrize(
    "query",
    ["state=lost", "engineer=x", "engineer=99999999999999999999", "company=-1", "since=2026-13-45", "until=9999-12-31",
     "since=0001-01-01", "channel=pigeon", "after=x", "after=99999999999", "after=0", "order=worst", "file=maybe"],
)  # fmt: skip
def test_bad_filters_are_passed_over(engineer: Browser, query: str):
    made("Принтер")
    assert engineer.open(f"/search?q={quote('принтер')}&{query}").status == 200


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40))
def test_any_bytes_are_a_search(engineer: Browser, typed: bytes):
    assert engineer.client.get(f"/search?q={quote(typed)}").status_code in {200, 302}


def test_strangers_and_other_methods_are_refused(app: Flask):
    client = app.test_client()
    response = client.get("/search?q=x")
    assert response.status_code == 302
    assert "/login" in response.location
    assert browser_of(app, alice()).post("/search").status_code in {400, 405}
