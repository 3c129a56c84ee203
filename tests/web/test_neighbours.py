"""From one request to the next in the list it was opened from, and back to that very list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock, outbox, tickets
from app.models import Channel, Ticket, Urgency
from tests.cast import acting, alice, request_of_carol
from tests.web.acting import action, address
from tests.web.browse import Browser, Page


@pytest.fixture
def four(app: Flask) -> list[Ticket]:
    """Made a minute apart: by site, by phone, by site and urgent, by phone."""
    found = []
    for more in ({}, {"channel": Channel.PHONE}, {"urgency": Urgency.URGENT}, {"channel": Channel.PHONE}):
        clock.shift(timedelta(minutes=1))
        found.append(request_of_carol(**more))
    return found


def listed(page: Page) -> list[str]:
    """Addresses of the rows, in their order."""
    return [one.get("href") or "" for one in page.all("a", class_="rows__title")]


def pressed(page: Page, key: str) -> str:
    """Where a key leads, or nowhere."""
    found = [one for one in page.root.iter("a") if one.get("data-key") == key]
    return found[0].get("href") or "" if found else ""


@pytest.mark.parametrize(
    "asked", ["", "?order=newest", "?order=touched", "?view=unassigned&channel=phone", "?view=mine"]
)
def test_the_whole_list_is_walked_both_ways(alices: Browser, four: list[Ticket], asked: str):
    tickets.take(four[0], acting(alice()), clock.now())
    outbox.commit()
    rows = listed(alices.open(f"/queue{asked}"))
    assert rows
    for at, row in enumerate(rows):
        page = alices.open(row)
        assert f"{at + 1} из {len(rows)}" in page.text
        assert pressed(page, "KeyJ") == (rows[at + 1] if at + 1 < len(rows) else "")
        assert pressed(page, "KeyK") == (rows[at - 1] if at else "")


def test_a_request_that_left_its_view_still_leads_on(alices: Browser, four: list[Ticket]):
    rows = listed(alices.open("/queue?view=unassigned"))
    page = alices.open(rows[1])
    number = rows[1].split("/")[2].partition("?")[0]
    taken = alices.send(page, action(page, f"/tickets/{number}/taking"))
    assert " из 3" not in taken.text
    assert (pressed(taken, "KeyK"), pressed(taken, "KeyJ")) == (rows[0], rows[2])


def test_acts_and_the_way_back_keep_what_narrowed_the_list(alices: Browser, four: list[Ticket]):
    page = alices.open(f"{address(four[1])}?view=open&channel=phone&engineer=none")
    back = next(one.get("href") or "" for one in page.root.iter("a") if "К списку" in "".join(one.itertext()))
    assert "channel=phone" in back
    said = alices.send(page, action(page, f"{address(four[1])}/reply"), kind="note", text="Позвонил")
    assert pressed(said, "KeyJ") == f"{address(four[3])}?view=open&engineer=none&channel=phone"
    assert "channel=phone" in action(said, f"{address(four[1])}/reply")


def test_without_a_list_nothing_is_offered(alices: Browser, four: list[Ticket]):
    for asked in ("", "?view=pigeons"):
        page = alices.open(f"{address(four[1])}{asked}")
        assert not pressed(page, "KeyJ")
        assert " из 4" not in page.text
    assert alices.client.get(f"{address(four[1])}/standing?view=open&channel=phone").status_code == 200
