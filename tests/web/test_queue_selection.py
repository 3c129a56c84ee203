"""The queue narrowed by the address: engineer, company, channel, order; and selections kept at hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock, outbox, tickets
from app.models import Channel, Ticket
from tests.cast import acting, bob, neva_trade, request_of_carol
from tests.web.acting import action
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in


def shown(page: Page) -> list[str | None]:
    return [row.get("data-ticket") for row in page.root.iter("tr") if row.get("data-ticket")]


def query(page: Page) -> str:
    return page.response.request.query_string.decode()


@pytest.fixture
def three(app: Flask) -> list[Ticket]:
    """Bob's, nobody's by phone, nobody's of another company; made a minute apart."""
    neva_trade()
    found = [request_of_carol()]
    for more in ({"channel": Channel.PHONE}, {"company": "ООО «Другая»", "email": "x@other.example"}):
        clock.shift(timedelta(minutes=1))
        found.append(request_of_carol(**more))
    tickets.take(found[0], acting(bob()), clock.now())
    outbox.commit()
    return found


def test_a_view_is_narrowed_by_its_address(alices: Browser, three: list[Ticket]):
    bobs, phoned, other = (one.number for one in three)
    company = three[0].company_id
    for asked, expected in (
        (f"engineer={bob().id}", {bobs}),
        ("engineer=none", {phoned, other}),
        (f"company={company}", {bobs, phoned}),
        (f"company={company}&engineer=none", {phoned}),
        ("channel=phone", {phoned}),
        ("channel=pigeon&engineer=x&company=-1&order=best", {bobs, phoned, other}),
    ):
        assert set(shown(alices.open(f"/queue?{asked}"))) == expected, asked
        row = f"/queue/rows/{bobs}?{asked}&digest=old"
        assert alices.client.get(row).status_code == (200 if bobs in expected else 410)


def test_orders(alices: Browser, three: list[Ticket]):
    numbers = [one.number for one in three]
    newest = alices.open("/queue?order=newest")
    assert shown(newest) == numbers[::-1]
    assert "Сначала новые 3" in newest.text
    clock.shift(timedelta(minutes=1))
    tickets.note(three[0], tickets.Contribution("Заметка"), acting(bob()), clock.now())
    outbox.commit()
    assert shown(alices.open("/queue?order=touched"))[0] == numbers[0]


def test_a_long_selection_goes_on_by_keyset(alices: Browser, app: Flask):
    numbers = [request_of_carol().number for _ in range(53)]
    first = alices.open("/queue?order=newest&engineer=none")
    following = next(one.get("href") or "" for one in first.root.iter("a") if "Следующие" in "".join(one.itertext()))
    assert "order=newest" in following
    assert "engineer=none" in following
    assert shown(first) + shown(alices.open(following)) == numbers[::-1]


def test_what_narrows_can_be_taken_away(alices: Browser, three: list[Ticket]):
    page = alices.open(f"/queue?channel=phone&engineer={bob().id}")
    tags = {"".join(one.itertext()): one.get("href") or "" for one in page.all("a", class_="tag")}
    assert set(tags) == {"Борис Белов", "по телефону"}
    assert "channel" not in tags["по телефону"]
    assert "engineer" in tags["по телефону"]


def test_taking_undoing_and_the_nearest_stay_in_the_selection(alices: Browser, three: list[Ticket]):
    narrowed = "/queue?channel=phone&order=newest"
    page = alices.open(narrowed)
    [button] = [one for one in page.root.iter("button") if "/taking?" in (one.get("formaction") or "")]
    page.one("form", id="picked").set("action", button.get("formaction") or "")
    taken = alices.send(page, button.get("formaction") or "")
    assert shown(taken) == [three[1].number]
    assert "channel=phone" in query(taken)
    back = alices.send(taken, action(taken, f"/tickets/{three[1].number}/release"))
    assert "order=newest" in query(back)
    assert shown(back) == [three[1].number]
    bulk = alices.send(back, action(back, "/queue/taking"), number=[three[1].number])
    assert "channel=phone" in query(bulk)
    opened = alices.send(bulk, action(bulk, "/queue/nearest"))
    assert "channel=phone" in query(opened)
    assert "order=newest" in query(opened)


def test_a_selection_is_kept_counted_and_let_go(alices: Browser, three: list[Ticket]):
    page = alices.open("/queue/narrowing?channel=phone")
    assert "Борис Белов" in page.text
    refused = alices.send(page, "/queue/views", 422, name=" ")
    assert "Назовите вид" in refused.text
    assert "Длиннее 60 знаков" in alices.send(page, "/queue/views", 422, name="я" * 61).text
    kept = alices.send(page, "/queue/views", name="По телефону")
    assert shown(kept) == [three[1].number]
    assert "Сохранённые По телефону1" in kept.text
    again = alices.send(alices.open("/queue/narrowing?engineer=none"), "/queue/views", name="По телефону")
    assert "Сохранённые По телефону2" in again.text
    removed = alices.send(again, action(again, "/queue/views/"))
    assert "Вид удалён: По телефону" in removed.text
    back = alices.send(removed, "/queue/views")
    assert "Сохранённые По телефону2" in back.text


def test_views_are_ones_own(app: Flask, alices: Browser):
    alices.send(alices.open("/queue/narrowing?channel=phone"), "/queue/views", name="Мой")
    bobs = signed_in(app, bob())
    assert "Мой" not in bobs.open("/queue").text
    page = alices.open("/queue")
    token = bobs.open("/queue").all("input", name="csrf_token")[0].get("value")
    removal = action(page, "/queue/views/")
    assert bobs.client.post(removal, data={"csrf_token": token}).status_code == 404
    assert "Мой" in alices.open("/queue").text


def test_no_more_than_fit(alices: Browser):
    for number in range(20):
        alices.send(alices.open("/queue/narrowing"), "/queue/views", name=f"Вид {number:02}")
    assert "Больше 20 видов" in alices.send(alices.open("/queue/narrowing"), "/queue/views", 422, name="Ещё").text
