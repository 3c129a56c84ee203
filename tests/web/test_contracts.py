"""Contracts of a company by the pages: one after the other, bad ones refused, promises given stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app import clock
from app.clock import now
from app.extensions import db
from app.models import ChangeKind, ClientChange, Company, CompanyDomain, Contract
from app.terms import terms_for
from tests.cast import neva_trade, request_of_carol
from tests.web.browse import Browser


def named(name: str) -> Company:
    return db.session.query(Company).filter_by(name=name).one()


def test_a_company_is_made_with_its_contract_and_the_next_request_is_promised_by_it(manager: Browser):
    clock.shift(datetime(2026, 11, 25, 9, tzinfo=UTC) - now())
    card = manager.send(
        manager.open("/companies/new"),
        "/companies",
        name="  ООО  «Ромашка» ",
        domains="romashka.example, @R.example",
        notice_email="Office@romashka.example",
        notes="Пропуск заказывать\nза день",
    )
    assert "Компания заведена" in card.text
    assert "Договора нет" in card.text
    assert "Пропуск заказывать" in card.text
    company = named("ООО «Ромашка»")
    assert company.notice_email == "office@romashka.example"
    assert {row.domain for row in db.session.query(CompanyDomain)} == {"romashka.example", "r.example"}
    path = f"/companies/{company.id}/contracts"
    terms: Any = {"valid_from": "01.02.2026", "solution": "4 ч 30 мин"}
    card = manager.send(manager.open(f"{path}/new"), path, number="7/26", calendar="ru-5x9", **terms)
    assert "7/26" in card.text
    assert "действует" in card.text
    assert terms_for(company, now()).solution == timedelta(hours=4, minutes=30)
    assert terms_for(company, now()).contract == "7/26"
    kinds = [row.kind for row in db.session.query(ClientChange).order_by(ClientChange.id)]
    assert kinds == [ChangeKind.MADE, ChangeKind.CONTRACTED]
    assert "добавлен договор 7/26" in card.text


BAD = [
    ("number", "", "Напишите номер"),
    ("number", "н" * 61, "помещается 60"),
    ("number", "118/2024", "уже есть"),
    ("valid_from", "", "Напишите день"),
    ("valid_from", "31.02.2026", "Такого дня нет"),
    ("valid_to", "2025-12-31", "кончается раньше, чем начинается"),
    ("calendar", "lunar", "Календаря «lunar» нет"),
    ("reaction", "скоро", "Не похоже на срок"),
    ("solution", "0 ч", "больше нуля"),
    ("solution", "", "за сколько"),
    ("urgent_solve", "99999999999999h", "Не похоже на срок"),
    ("urgent_clock", "never", "по каким часам"),
]


def test_a_bad_contract_is_refused_at_its_field(manager: Browser):
    path = f"/companies/{neva_trade().id}/contracts"
    good: Any = {"number": "119/2026", "valid_from": "2026-01-01", "calendar": "ru-5x9"}
    for field, typed, words in BAD:
        page = manager.send(manager.open(f"{path}/new"), path, status=422, **(good | {field: typed}))
        assert words in page.text, field
    assert db.session.query(Contract).count() == 1


def test_contracts_follow_each_other_and_the_given_promise_stays(manager: Browser):
    clock.shift(datetime(2026, 11, 25, 9, tzinfo=UTC) - now())
    ticket = request_of_carol()
    due_at, company = ticket.due_at, neva_trade()
    old = db.session.query(Contract).one()
    path = f"/companies/{company.id}/contracts"
    one: str = f"{path}/{old.id}"
    same: Any = {"calendar": "ru-5x9"}
    manager.send(manager.open(one), one, valid_to="2026-11-30", solution="2 ч", **same)
    terms: Any = {"valid_from": "2026-12-01", "solution": "16 ч", **same}
    manager.send(manager.open(f"{path}/new"), path, number="120/2026", **terms)
    card = manager.open(f"/companies/{company.id}")
    assert "ещё не начался" in card.text
    db.session.refresh(ticket)
    assert ticket.due_at == due_at
    assert terms_for(company, now()).solution == timedelta(hours=2)
    assert terms_for(company, datetime(2026, 12, 2, tzinfo=UTC)).contract == "120/2026"
    assert "до 30.11.2026" in manager.open("/companies").text
    changed = db.session.query(ClientChange).filter_by(kind=ChangeKind.RECONTRACTED).one()
    assert set(changed.data["fields"]) == {"valid_to", "solution"}
    before = db.session.query(ClientChange).count()
    manager.send(manager.open(one), one, **same)
    assert db.session.query(ClientChange).count() == before
