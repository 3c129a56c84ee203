"""Lists by API: filters, search, keyset pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.api import answers
from app.models.words import Role
from app.search import indexing
from tests.api.calling import Caller, registered
from tests.cast import alice


@pytest.fixture
def call(app: Flask) -> Caller:
    return Caller(app, Role.ENGINEER)


def numbers(call: Caller, query: str = "") -> list[str]:
    """All numbers of a list, page by page."""
    found: list[str] = []
    after = ""
    while True:
        page = call.get(f"/tickets?limit=2{query}{after}").get_json()
        answers.TicketPage().load(page)
        found += [item["number"] for item in page["items"]]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def test_pages_hold_every_request_once_newest_first(call: Caller):
    made = [registered(call)["number"] for _ in range(5)]
    assert numbers(call) == made[::-1]


def test_views_and_states(call: Caller):
    alice()
    new, urgent, taken, waiting, solved = (registered(call)["number"] for _ in range(5))
    call.post(f"/tickets/{urgent}/urgency", {"urgent": True})
    call.post(f"/tickets/{taken}/assignment", {"engineer": "alice@stek.example"})
    call.post(f"/tickets/{waiting}/messages", {"text": "Какая?", "kind": "question"})
    call.post(f"/tickets/{solved}/solution", {"text": "Готово"})
    assert numbers(call, "&view=open") == [waiting, taken, urgent, new]
    assert numbers(call, "&view=unassigned") == [waiting, urgent, new]
    assert numbers(call, "&view=urgent") == [urgent]
    assert numbers(call, "&view=waiting") == [waiting]
    assert numbers(call, "&view=solved") == numbers(call, "&state=solved") == [solved]
    assert numbers(call, "&view=mine") == []
    assert numbers(call, "&view=overdue") == []
    clock.shift(timedelta(days=10))
    assert numbers(call, "&view=overdue") == [taken, urgent, new]


def test_search_by_number_phone_address_and_text(call: Caller):
    one = registered(call, what="Скидка 50% не видна", phone="8 (900) 555-01-44", email="carol@neva-trade.example")
    two = registered(call, what="Скидка 500 не видна", email="dan@other.example", company="ООО «Ромашка»")
    indexing.run()
    number = one["number"]
    for words in (number, f"№ {number[:3]} {number[3:]}", "+7 900 555 01 44", "Carol@neva-trade.example", "50%25 не"):
        assert numbers(call, f"&q={words.replace('+', '%2B')}") == [number], words
    assert numbers(call, "&q=ромашка") == numbers(call, "&q=Ромашка") == [two["number"]]
    assert numbers(call, "&q=скидка") == [two["number"], number]
    assert numbers(call, "&q=скидкой") == [two["number"], number]
    assert numbers(call, "&q=%25") == numbers(call, "&q=_____") == []


@pytest.mark.trust("I5")
@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "after=99999999999", "limit=0", "limit=1000", "state=lost", "view=all", "nope=1"]
)
def test_a_bad_query_is_named(call: Caller, query: str):
    response = call.get(f"/tickets?{query}")
    assert response.status_code == 422
    assert query.partition("=")[0] in response.get_json()["errors"]
