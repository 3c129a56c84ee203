"""The queue as a file: every row of the selection in its order, and no cell a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC

import pytest
from flask import Flask

from app import outbox, tickets, wordings
from app.clock import now
from app.extensions import db
from app.models import Channel, Urgency
from app.reading import queue_every
from app.reading.queue_selection import Selection
from app.reading.reader import Reader
from app.tickets import Contribution
from tests.cast import acting, alice, bob, request_of_carol
from tests.web.browse import Browser


def cells(browser: Browser, address: str) -> list[dict[str, str]]:
    answer = browser.client.get(address)
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_page_leads_to_its_own_selection_as_a_file(alices: Browser):
    late = request_of_carol(text="Замена мыши")
    urgent = request_of_carol(text="Касса стоит", urgency=Urgency.URGENT)
    by_phone = request_of_carol(text="Принтер", channel=Channel.PHONE)
    tickets.take(late, acting(bob()), now())
    outbox.commit()
    page = alices.open("/queue?view=open&channel=web")
    link = next(one for one in page.root.iter("a") if (one.get("href") or "").startswith("/queue.csv"))
    rows = cells(alices, link.get("href") or "")
    assert [row["Номер"] for row in rows] == [urgent.number, late.number]
    assert by_phone.number not in {row["Номер"] for row in rows}
    assert [row["Срочная"] for row in rows] == ["да", ""]
    assert [row["Исполнитель"] for row in rows] == ["", bob().name]
    assert all(row["Почему такой срок"] and row["Срок"] and row["Заявитель"] for row in rows)


@pytest.mark.parametrize("order", ["due", "newest", "touched"])
def test_it_goes_on_beyond_one_batch_in_every_order(alices: Browser, order: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue_every, "_BATCH", 3)
    numbers = [request_of_carol(text=f"Касса {place}").number for place in range(8)]
    told = [row["Номер"] for row in cells(alices, f"/queue.csv?view=open&order={order}")]
    assert told == (numbers if order == "due" else numbers[::-1])


def test_whoever_takes_it_slowly_holds_no_transaction(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue_every, "_BATCH", 2)
    for place in range(5):
        request_of_carol(text=f"Касса {place}")
    rows = queue_every.rows(Selection.parse({"view": "open"}), Reader(alice().id, now(), UTC, wordings.current()))
    for _ in range(5):
        next(rows)
        assert not db.session().in_transaction()


def test_solved_ones_too_and_an_empty_list_is_a_line_of_headings(alices: Browser):
    assert cells(alices, "/queue.csv?view=solved") == []
    ticket = request_of_carol()
    tickets.solve(ticket, Contribution("Готово"), acting(alice()), now())
    outbox.commit()
    assert [row["Статус"] for row in cells(alices, "/queue.csv?view=solved")] == ["Решена"]


@pytest.mark.trust("X11")
def test_no_cell_is_a_formula(alices: Browser):
    request_of_carol(text="=cmd|' /C calc'!A0", name="@SUM(A1)")
    row = cells(alices, "/queue.csv?view=open")[0]
    assert row["Тема"].startswith("'=cmd")
    assert row["Заявитель"] == "'@SUM(A1)"
    assert row["Телефон"].startswith("'+7")
