"""The queue: groups by deadline, views with counts, keyset pages, rows that answer only what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app import clock, outbox, tickets
from app.clock import now
from app.models import Holder, State, Ticket, Urgency
from app.reading import queue, queue_views
from app.reading.queue_selection import Selection
from app.reading.queue_views import Cursor, View
from app.reading.reader import Reader
from app.tickets import Contribution
from tests.cast import acting, alice, bob, request_of_carol
from tests.web.acting import action
from tests.web.browse import Browser, check_fragment

TUESDAY_NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 12:00 in Moscow


@pytest.fixture(autouse=True)
def at_noon():
    clock.shift(TUESDAY_NOON - now())


def numbers(page) -> list[str]:
    return [one.get("data-ticket") for one in page.root.iter("tr") if one.get("data-ticket")]


def groups(page) -> list[str]:
    return [" ".join("".join(one.itertext()).split()) for one in page.all("th", scope="rowgroup")]


def test_requests_stand_in_groups_by_deadline(alices: Browser):
    late = request_of_carol(at=now() - timedelta(days=3))
    later = request_of_carol()
    waiting = request_of_carol(text="Когда приедете?")
    tickets.ask(waiting, Contribution("Когда удобно?"), acting(bob()), now())
    taken = request_of_carol(urgency=Urgency.URGENT, text="Срочно, но взята")
    tickets.take(taken, acting(alice()), now())
    urgent = request_of_carol(urgency=Urgency.URGENT, text="Касса не пробивает чеки")
    outbox.commit()
    page = alices.open("/queue")
    assert numbers(page) == [urgent.number, late.number, taken.number, later.number, waiting.number]
    assert [name.split("  ")[0] for name in groups(page)] == [
        "Срочные, никто не взял 1, ждёт меньше минуты",
        "Просрочены 1",
        "Сегодня 1",
        "Завтра и позже 1",
        "Ждём других, срок на паузе 1",
    ]
    row = page.one("tr", id=f"t{urgent.number}")
    assert (row.get("data-state"), row.get("data-urgency")) == ("new", "urgent")
    due = [one for one in row.iter("time") if one.get("data-promise") == "solution"]
    assert [one.get("datetime") for one in due] == [f"{urgent.due_at:%Y-%m-%dT%H:%M:%SZ}"]
    assert "5 заявок, 1 просрочена" in page.text


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("mine", ["mine"]),
        ("unassigned", ["late", "free"]),
        ("urgent", ["mine"]),
        ("overdue", ["late"]),
        ("waiting", ["waiting"]),
        ("solved", ["solved"]),
        ("open", ["late", "mine", "free", "waiting"]),
        ("nonsense", ["late", "mine", "free", "waiting"]),
    ],
)
def test_each_view_shows_and_counts_its_own(alices: Browser, view: str, expected: list[str]):
    told = {"late": request_of_carol(at=now() - timedelta(days=3)), "free": request_of_carol()}
    for name in ("mine", "waiting", "solved"):
        told[name] = request_of_carol(text=name, urgency=Urgency.URGENT if name == "mine" else Urgency.NORMAL)
    tickets.take(told["mine"], acting(alice()), now())
    tickets.ask(told["waiting"], Contribution("Когда?"), acting(bob()), now())
    tickets.solve(told["solved"], Contribution("Готово"), acting(bob()), now())
    outbox.commit()
    page = alices.open(f"/queue?view={view}")
    assert numbers(page) == [told[name].number for name in expected]
    counted = {one.get("href"): list(one)[-1].text for one in page.one("nav", id="views").iter("a")}
    if view in set(View):
        assert counted[f"/queue?view={view}"] == str(len(expected))


def test_an_empty_view_says_what_next(alices: Browser):
    request_of_carol(urgency=Urgency.URGENT)
    page = alices.open("/queue?view=mine")
    assert "У вас нет открытых заявок" in page.text
    assert "без исполнителя: 1. Из них срочных: 1." in page.text


def test_long_lists_go_on_by_keyset(app: Flask, alices: Browser, monkeypatch):
    monkeypatch.setattr("app.reading.queue.PAGE", 2)
    monkeypatch.setattr("app.reading.queue_views.PAGE", 2)
    every = [request_of_carol(at=now() - timedelta(minutes=minutes), text=f"Заявка {minutes}") for minutes in (9, 5, 3)]
    paused = [request_of_carol(text=f"Вопрос {n}") for n in (1, 2)]
    for ticket in paused:
        tickets.ask(ticket, Contribution("Когда?"), acting(bob()), now())
    outbox.commit()
    seen: list[str] = []
    address: str | None = "/queue"
    while address:
        page = alices.open(address)
        seen += numbers(page)
        address = next((one.get("href") for one in page.root.iter("a") if one.text == "Следующие 50"), None)
    assert seen == [ticket.number for ticket in [*every, *paused]]
    assert alices.open("/queue?after=nonsense").status == 200


def test_a_row_answers_only_what_changed(app: Flask, alices: Browser):
    ticket = request_of_carol()
    client = alices.client
    shown = alices.open("/queue?view=unassigned").one("tr", id=f"t{ticket.number}")
    address = f"/queue/rows/{ticket.number}?view=unassigned&digest="
    assert client.get(f"{address}{shown.get('data-digest')}").status_code == 204
    assert ticket.number in client.get(address).text
    tickets.take(ticket, acting(alice()), now())
    outbox.commit()
    assert client.get(f"{address}{shown.get('data-digest')}").status_code == 410, "it left this view"
    assert client.get(address).status_code == 204, "and was never shown"
    assert ">Вы<" in client.get(f"/queue/rows/{ticket.number}?view=mine&digest=").text.replace("</span>Вы", ">Вы")
    assert client.get("/queue/rows/999999?view=open").status_code == 204


def test_list_and_counts_answer_only_what_changed(alices: Browser):
    request_of_carol()
    page = alices.open("/queue")
    table, views = page.one("table", id="list"), page.one("nav", id="views")
    for part in (table, views):
        address = f"{part.get('data-url')}&digest="
        assert alices.client.get(f"{address}{part.get('data-digest')}").status_code == 204
        check_fragment(alices.client.get(address).text)
    request_of_carol(text="Ещё одна")
    for part in (table, views):
        assert alices.client.get(f"{part.get('data-url')}&digest={part.get('data-digest')}").status_code == 200


def test_alice_takes_what_she_ticked_and_may_take_it_back(alices: Browser):
    ticket, bobs = request_of_carol(), request_of_carol(text="Уже у Бориса")
    tickets.take(bobs, acting(bob()), now())
    outbox.commit()
    page = alices.open("/queue")
    page = alices.send(page, "/queue/taking?view=open", number=[ticket.number, bobs.number, "999999"])
    assert ticket.engineer_id == alice().id
    assert bobs.engineer_id == bob().id
    assert f"{bobs.number}: Заявку уже взял(а) Белов" in page.text
    alices.send(page, action(page, f"/tickets/{ticket.number}/release?back=open"))
    assert [ticket.engineer_id, ticket.state] == [None, State.NEW]


def test_words_of_customers_are_inert(alices: Browser):
    request_of_carol(text="<script>alert(1)</script> \u202eевил", company="<b>жирная</b>")
    assert "<script>alert(1)" in alices.open("/queue").text


def test_the_order_of_pages_is_the_order_of_strings(app: Flask):
    moments = [now() + timedelta(hours=hours) for hours in (-3, 0, 5)]
    cursors = [Cursor(rank, at, id_) for rank in (0, 1, 2) for at in moments for id_ in (7, 12)]
    assert sorted(map(str, cursors)) == list(map(str, cursors))
    assert [Cursor.parse(str(cursor)) for cursor in cursors] == cursors


def test_the_page_asks_the_database_little(app: Flask, count_queries):
    for minutes in range(5):
        request_of_carol(at=now() - timedelta(minutes=minutes))
    reader = Reader(alice().id, now(), app.config["HELPDESK"].time_zone)
    with count_queries() as asked:
        queue.page(Selection(), reader)
        queue_views.counts(reader)
    assert asked() <= 3


def test_a_third_party_changes_no_row_out_of_place(alices: Browser):
    ticket: Ticket = request_of_carol()
    tickets.take(ticket, acting(alice()), now())
    tickets.hold(ticket, Holder.THIRD_PARTY, "Ждём провайдера", acting(alice()), now())
    outbox.commit()
    assert numbers(alices.open("/queue?view=mine")) == [ticket.number]
