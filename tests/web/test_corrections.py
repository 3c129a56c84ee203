"""An edit of a contract or a calendar changes no given deadline, unless the manager says so, with letters."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, notify
from app.extensions import db
from app.models import Contract, Delivery, Event, EventKind, Role, Ticket
from app.moments import NBSP
from app.tickets import corrections
from tests.api.calling import Caller
from tests.cast import alice, masha, neva_trade, request_of_carol
from tests.clock_traps.lives import HOUR, asks, dues, read
from tests.history import ledger
from tests.web.browse import Browser, Page
from tests.web.signing_in import browser_of, signed_in

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    clock.shift(MONDAY - clock.now())
    return request_of_carol(MONDAY)


@pytest.fixture
def manager(app: Flask, ticket: Ticket) -> Browser:
    return signed_in(app, masha())


def edited(manager: Browser, solution: str, touched: int = 1) -> Page:
    contract = db.session.query(Contract).one()
    path = f"/companies/{contract.company_id}/contracts/{contract.id}"
    form = manager.open(path)
    assert f"Открытых заявок компании с названным сроком: {touched}." in form.text
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
    told = " ".join(page.text.replace(NBSP, " ").split())
    assert "сегодня, 14:00 раньше" in told
    assert "4 рабочих часа по договору 118/2024 с пн 10:00, условия уточнены пн 10:00 " in told
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
    assert ticket.paused_at == MONDAY + HOUR
    assert ticket.due_at is not None
    assert timedelta(0) <= ticket.due_at - (MONDAY + 6 * HOUR) < timedelta(minutes=1)  # the clock went on meanwhile


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


def test_a_program_and_a_command_say_what_a_calendar_touches_and_change_nothing(
    app: Flask, ticket: Ticket, tmp_path: Path
):
    db.session.rollback()
    call = Caller(app, Role.MANAGER)
    spec = {**call.get("/calendars/ru-5x9").get_json(), "days": {"2026-11-23": [["09:00", "14:00"]]}}
    kept = call("PUT", "/calendars/ru-5x9", json=spec)
    assert kept.get_json() == spec
    assert (kept.headers["X-Open-Promises"], kept.headers["X-Promises-Otherwise"]) == ("1", "1")
    command, file = app.test_cli_runner(), tmp_path / "c.json"
    file.write_text(json.dumps({**spec, "days": {}}), encoding="utf-8")
    said = command.invoke(args=["calendar", "import", str(file)]).stdout
    assert said == "ru-5x9: replaced; open promises that stay as given: 1\n"
    file.write_text(json.dumps(spec), encoding="utf-8")
    said = command.invoke(args=["calendar", "import", str(file)]).stdout
    assert "stay as given: 1, of which the new hours would give another moment to 1: a manager decides at" in said
    db.session.expire_all()
    assert dues(ticket) == [MONDAY + 8 * HOUR]


def test_all_are_looked_at_part_by_part_and_what_was_done_stays(
    manager: Browser, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
):
    others = [request_of_carol(MONDAY, f"Не печатает, этаж {floor}") for floor in range(4)]
    monkeypatch.setattr(corrections, "MOST", 2)
    assert "стали бы другими названные сроки открытых заявок: 5" in edited(manager, "4 ч", 5).text
    path = f"/companies/{ticket.company_id}/deadlines"
    first = manager.open(path)
    assert "На этой странице посмотрено 2, по новым условиям были бы другими: 2" in first.text
    second = manager.open(f"{path}?after={others[0].id}")
    assert others[1].number in second.text
    assert ticket.number not in second.text
    monkeypatch.setattr(corrections, "LASTS", 0.0)
    page = manager.send(first, path, reason="Новый договор", which="earlier")
    assert "посмотрено 2 из 5, изменено 2" in page.text
    db.session.expire_all()
    assert [len(dues(one)) for one in (ticket, *others)] == [2, 2, 1, 1, 1]
    page = manager.send(page, path)
    assert "посмотрено 4 из 5, изменено 4" in page.text
    assert "Изменено сроков: 5" in manager.send(page, path).text
    db.session.expire_all()
    assert [len(dues(one)) for one in (ticket, *others)] == [2, 2, 2, 2, 2]
    again = manager.send(first, path, reason="Новый договор", which="earlier")
    assert "изменено 0" in again.text


def test_an_engineer_may_not(app: Flask, ticket: Ticket):
    engineer = browser_of(app, alice())
    assert engineer.get(f"/companies/{neva_trade().id}/deadlines").status_code == 403
