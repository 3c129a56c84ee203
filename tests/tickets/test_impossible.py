"""The other end of the urgent handshake: impossible in the time agreed, with a reason and a new promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, outbox, tickets
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models import Event, EventKind, Ticket, Urgency
from app.reports import urgents
from tests.cast import acting, alice, request_of_carol
from tests.clock_traps.lives import read
from tests.history import ledger
from tests.web.acting import sent
from tests.web.signing_in import signed_in

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    clock.shift(MONDAY - clock.now())
    ticket = request_of_carol(MONDAY, urgency=Urgency.URGENT)
    tickets.take(ticket, acting(alice()), MONDAY)
    outbox.commit()
    return ticket


def test_impossible_wants_a_reason_and_a_moment_to_come(ticket: Ticket):
    with pytest.raises(IntakeRejected) as refusal:
        tickets.call_impossible(ticket, MONDAY - HOUR, " ", acting(alice()), MONDAY + HOUR)
    assert set(refusal.value.errors) == {"reason", "due"}
    assert len(ledger(ticket)) == 1


def test_impossible_is_a_new_promise_that_says_so(ticket: Ticket):
    tickets.call_impossible(ticket, MONDAY + 30 * HOUR, "Ждём диск со склада", acting(alice()), MONDAY + HOUR)
    outbox.commit()
    first, second = ledger(ticket)
    assert (first.superseded_by_id, second.due_at, second.kept) == (second.id, MONDAY + 30 * HOUR, None)
    assert second.reason == "Технически невозможно за 2 часа. Ждём диск со склада".replace("2 часа", "2\xa0часа")
    assert "Ждём диск со склада" in read(second)


def test_a_standard_request_has_no_such_end(ticket: Ticket):
    tickets.set_urgency(ticket, Urgency.NORMAL, acting(alice()), MONDAY + HOUR)
    with pytest.raises(IllegalMove, match="не срочная"):
        tickets.call_impossible(ticket, MONDAY + 30 * HOUR, "Нет диска", acting(alice()), MONDAY + HOUR)


def test_each_company_has_its_urgents_counted_by_who_called_them_so(ticket: Ticket):
    tickets.call_impossible(ticket, MONDAY + 30 * HOUR, "Нет диска", acting(alice()), MONDAY + HOUR)
    calm = request_of_carol(MONDAY, text="Замените картридж")
    ours = request_of_carol(MONDAY, text="Сервер не отвечает")
    tickets.set_urgency(ours, Urgency.URGENT, acting(alice()), MONDAY + HOUR)
    outbox.commit()
    assert calm.company_id
    assert urgents.of_company(calm.company_id, MONDAY - HOUR, MONDAY + HOUR) == urgents.Urgents(3, 1, 1, 1)
    assert urgents.of_company(calm.company_id, MONDAY + HOUR, MONDAY + 2 * HOUR).total == 0


def test_the_page_keeps_what_was_typed_and_names_both_mistakes(app: Flask, ticket: Ticket):
    browser = signed_in(app, alice())
    refused = sent(browser, ticket, "deadline", 422, due="2020-01-01T10:00", reason="", impossible="1")
    assert "Напишите причину" in refused.text
    assert "Новый срок уже прошёл" in refused.text
    assert refused.one("input", id="due").get("value") == "2020-01-01T10:00"
    page = sent(browser, ticket, "deadline", due="2026-11-24T15:30", reason="Нет диска", impossible="1")
    assert "Нет диска" in page.text
    [moved] = db.session.scalars(select(Event).where(Event.ticket_id == ticket.id, Event.kind == EventKind.MOVED))
    assert moved.data["impossible"] is True
