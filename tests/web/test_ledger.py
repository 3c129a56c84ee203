"""The ledger on a request's page: what was promised, why, which letter told it, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from app import clock, notify, outbox, tickets
from app.config import settings
from app.models import Ticket
from app.moments import NBSP
from app.reading import ball_strip, ledger, ticket_panel
from app.reading import ticket as reading
from app.reading.reader import Reader
from tests.cast import acting, alice, request_of_carol
from tests.clock_traps.lives import HOUR, answers, asks, solves
from tests.web.acting import address
from tests.web.signing_in import signed_in

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    clock.shift(MONDAY - clock.now())
    return request_of_carol(MONDAY)


def story(ticket: Ticket) -> list[tuple[str, str, str, str]]:
    reader = Reader(None, clock.now(), settings().time_zone)
    rows = ticket_panel.promise_rows(reading.head(ticket.number, reader))
    lines = ledger.told(ticket.id, rows, reader)
    return [
        (line.due.replace(NBSP, " "), line.because, line.fate, line.letter.text if line.letter else "")
        for line in lines
    ]


def test_each_promise_names_its_cause_its_letter_and_its_end(ticket: Ticket):
    asks(ticket, MONDAY + HOUR)
    answers(ticket, MONDAY + 2 * HOUR)
    tickets.move_deadline(ticket, MONDAY + 31 * HOUR, "Ждём деталь", acting(alice()), MONDAY + 3 * HOUR)
    outbox.commit()
    clock.shift(MONDAY + 4 * HOUR - clock.now())
    notify.drain()
    waiting = "carol@neva-trade.example: ждёт отправки"
    assert story(ticket) == [
        ("сегодня, 18:00", "заявка зарегистрирована", "заменён", waiting),
        ("завтра, 10:00", "клиент ответил: прибавлено время ожидания", "заменён", ""),
        ("завтра, 17:00", "Ждём деталь", "в силе", waiting),
    ]
    solves(ticket, MONDAY + 4 * HOUR)
    assert story(ticket)[-1][2] == "сдержан"


def test_the_page_tells_it_and_every_sentence_stays(app: Flask, ticket: Ticket):
    tickets.move_deadline(ticket, MONDAY + 31 * HOUR, "Ждём <деталь>", acting(alice()), MONDAY + 3 * HOUR)
    outbox.commit()
    browser = signed_in(app, alice())
    page = browser.open(address(ticket))
    text = page.text.replace(NBSP, " ")
    assert "Ждём <деталь>" in text
    assert "8 рабочих часов по договору 118/2024 с пн 10:00" in text
    assert "Письма об этом сроке не было" in text


def test_the_strip_leaves_no_minute_out(ticket: Ticket):
    tickets.take(ticket, acting(alice()), MONDAY + HOUR)
    asks(ticket, MONDAY + 2 * HOUR)
    answers(ticket, MONDAY + 5 * HOUR)
    solves(ticket, MONDAY + 10 * HOUR)
    strip = ball_strip.strip(ticket.id, Reader(None, MONDAY + 50 * HOUR, settings().time_zone))
    assert strip
    assert [(share.word, share.time.replace(NBSP, " ")) for share in strip.shares] == [
        ("в очереди", "1 ч"),
        ("у инженера", "6 ч"),
        ("у клиента", "3 ч"),
    ]
    assert [(span.x, span.width) for span in strip.spans] == [(0, 100), (100, 100), (200, 300), (500, 500)]
