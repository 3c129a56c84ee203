"""Two people edit one card: whoever saves second sees what the first changed and loses no word of their own."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.models import Contract
from app.moments import NBSP
from tests.cast import carol, masha, neva_trade, staff
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in


@pytest.fixture
def two(app: Flask) -> list[Browser]:
    return [signed_in(app, masha()), signed_in(app, second_manager())]


def second_manager() -> Any:
    return staff("Павел Ильин", masha().role, "pavel@stek.example")


FORMS: dict[str, tuple[str, str, str, str, str]] = {
    # what, a field both change, what the first writes, what the second writes, a field that the first alone changes
    "company": ("notes", "Пропуск за день", "Звонить после 11", "notice_email", "new@neva-trade.example"),
    "person": ("position", "Бухгалтер", "Главный бухгалтер", "name", "Петрова О. С."),
    "contract": ("solution", "4 ч", "6 ч", "valid_to", "2030-01-31"),
}


def paths(what: str) -> tuple[str, str]:
    company = neva_trade().id
    contract = db.session.query(Contract).one().id
    return {
        "company": (f"/companies/{company}/edit", f"/companies/{company}"),
        "person": (f"/people/{carol().id}/edit", f"/people/{carol().id}"),
        "contract": 2 * (f"/companies/{company}/contracts/{contract}",),
    }[what]


def value_of(page: Page, name: str) -> str:
    found = next(one for one in page.root.iter() if one.get("name") == name)
    return found.get("value") or "".join(found.itertext())


@pytest.mark.parametrize("what", FORMS)
def test_the_second_sees_what_the_first_changed_and_keeps_what_was_typed(two: list[Browser], what: str):
    carol()
    (form, action), (both, first, second, alone, alone_value) = paths(what), FORMS[what]
    pages = [browser.open(form) for browser in two]
    two[0].send(pages[0], action, 200, **{both: first, alone: alone_value})
    refused = two[1].send(pages[1], action, 422, **{both: second})
    assert f"Пока вы правили, {masha().name}: поле изменено. Сейчас там: {first}." in refused.text
    assert "Здесь уже новое значение" in refused.text
    assert value_of(refused, both) == second
    assert value_of(refused, alone) == alone_value
    db.session.expire_all()
    two[1].send(refused, action)
    db.session.expire_all()
    kept = two[0].open(form)
    assert (value_of(kept, both).replace(NBSP, " "), value_of(kept, alone)) == (second, alone_value)


def test_the_same_typed_twice_and_other_fields_alone_are_no_conflict(two: list[Browser]):
    form, action = paths("company")
    pages = [browser.open(form) for browser in two]
    two[0].send(pages[0], action, notes="Пропуск за день")
    two[1].send(pages[1], action, notes="Пропуск за день  ")
    assert "Пропуск за день" in two[0].open(form).text


def test_a_third_change_meanwhile_is_seen_again(two: list[Browser]):
    form, action = paths("company")
    page = two[1].open(form)
    two[0].send(two[0].open(form), action, notes="Первое")
    page = two[1].send(page, action, 422, notes="Моё")
    two[0].send(two[0].open(form), action, notes="Второе")
    assert "Сейчас там: Второе" in two[1].send(page, action, 422).text


def test_a_slip_beside_keeps_the_mark_of_what_was_seen(two: list[Browser]):
    form, action = paths("company")
    page = two[1].open(form)
    page = two[1].send(page, action, 422, notes="Моё", name="")
    two[0].send(two[0].open(form), action, notes="Первое")
    assert "Сейчас там: Первое" in two[1].send(page, action, 422, name="ООО «Нева-Трейд»").text
