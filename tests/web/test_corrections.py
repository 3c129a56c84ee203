"""An edit of a contract or a calendar changes no given deadline, unless the manager says so, with letters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, notify
from app.extensions import db
from app.models import Contract, Delivery, Event, EventKind, Ticket
from app.wording import NBSP
from tests.cast import alice, masha, neva_trade, request_of_carol
from tests.clock_traps.lives import HOUR, asks, dues, ledger, read
from tests.web.browse import Browser, Page
from tests.web.signing_in import browser_of

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    clock.shift(MONDAY - clock.now())
    return request_of_carol(MONDAY)


@pytest.fixture
def manager(app: Flask, ticket: Ticket) -> Browser:
    browser = Browser(app)
    browser.client = browser_of(app, masha())
    return browser


def edited(manager: Browser, solution: str) -> Page:
    contract = db.session.query(Contract).one()
    path = f"/companies/{contract.company_id}/contracts/{contract.id}"
    form = manager.open(path)
    assert "Открытых заявок компании с названным сроком: 1" in form.text
    return manager.send(form, path, calendar="ru-5x9", solution=solution)


def letters(ticket: Ticket) -> list[str]:
    notify.drain()
    query = select(Delivery.recipient).where(Delivery.ticket_id == ticket.id, Delivery.notice == "moved")
    return sorted(db.session.scalars(query))


def test_an_edit_changes_nothing_and_offers_to_look(manager: Browser, ticket: Ticket):
    card = edited(manager, "4 ч")
    assert "стали бы другими названные сроки открытых заявок: 1" in card.text
    assert dues(ticket) == [MONDAY + 8 * HOUR]
    page = manager.open(f"/companies/{ticket.company_id}/deadlines")
    assert "сегодня, 14:00 раньше" in " ".join(page.text.replace(NBSP, " ").split())
    refused = manager.send(page, page.address, 422, reason=" ", which="all")
    assert "Напишите причину" in refused.text
    assert dues(ticket) == [MONDAY + 8 * HOUR]


def test_the_manager_says_so_and_the_customers_are_told(manager: Browser, ticket: Ticket):
    edited(manager, "4 ч")
    page = manager.open(f"/companies/{ticket.company_id}/deadlines")
    done = manager.send(page, page.address, reason="Новый договор", which="earlier")
    assert "Изменено сроков: 1" in done.text
    db.session.expire_all()
    assert dues(ticket) == [MONDAY + 8 * HOUR, MONDAY + 4 * HOUR]
    assert "условия уточнены" in read(ledger(ticket)[-1])
    assert letters(ticket) == ["carol@neva-trade.example", "office@neva-trade.example"]
    [moved] = db.session.scalars(select(Event).where(Event.ticket_id == ticket.id, Event.kind == EventKind.MOVED))
    assert (moved.data["reason"], moved.actor_name) == ("Новый договор", masha().name)
    assert "другими: 0" in manager.open(f"/companies/{ticket.company_id}/deadlines").text


def test_later_is_given_only_where_the_manager_means_all(manager: Browser, ticket: Ticket):
    edited(manager, "9 ч")
    page = manager.open(f"/companies/{ticket.company_id}/deadlines")
    manager.send(page, page.address, reason="Новый договор", which="earlier")
    assert dues(ticket) == [MONDAY + 8 * HOUR]
    manager.send(page, page.address, reason="Новый договор", which="all")
    db.session.expire_all()
    assert dues(ticket)[1:] == [MONDAY + 24 * HOUR]


def test_what_was_waited_is_in_the_corrected_deadline(manager: Browser, ticket: Ticket):
    asks(ticket, MONDAY + HOUR)
    clock.shift(MONDAY + 3 * HOUR - clock.now())
    edited(manager, "4 ч")
    page = manager.open(f"/companies/{ticket.company_id}/deadlines")
    manager.send(page, page.address, reason="Новый договор", which="earlier")
    db.session.expire_all()
    assert (ticket.due_at, ticket.paused_at) == (MONDAY + 6 * HOUR, MONDAY + HOUR)


def test_a_calendar_too(manager: Browser, ticket: Ticket):
    form = manager.open("/calendars/ru-5x9/days?since=2026-11-23")
    action = next(one.get("action") for one in form.root.iter("form") if "days" in (one.get("action") or ""))
    year = manager.send(form, str(action), since="2026-11-23", how="hours", hours="9:00-14:00")
    assert "стали бы другими названные сроки открытых заявок: 1" in year.text
    assert dues(ticket) == [MONDAY + 8 * HOUR]
    page = manager.open("/calendars/ru-5x9/deadlines")
    assert "позже" in page.text
    manager.send(page, page.address, reason="День перенесли", which="all")
    db.session.expire_all()
    assert dues(ticket)[1:] == [MONDAY + timedelta(days=1) + 3 * HOUR]


def test_an_engineer_may_not(app: Flask, ticket: Ticket):
    engineer = browser_of(app, alice())
    assert engineer.get(f"/companies/{neva_trade().id}/deadlines").status_code == 403
