"""Pages of companies, people and imports in Chromium: accessible, they fit, by keyboard and without script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from app import outbox
from app.clock import now
from app.extensions import db
from app.models import Company, Contract, Person, Urgency
from app.models.company import name_key
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles
from tests.browser.test_manager_pages import sign_in

pytestmark = pytest.mark.browser


def fill_desk() -> dict[str, str]:
    """Clients with everything that can be long or missing; the pages to look at."""
    company, carol = cast.neva_trade(), cast.carol()
    company.notes, carol.notes = "Пропуск заказывать за день, " * 8, "Не звонить до 11"
    carol.position, carol.is_contact = "главный бухгалтер", True
    today = now().date()
    hour = timedelta(hours=1)
    terms = {"calendar": "ru-5x9", "reaction": hour, "solution": 8 * hour, "company_id": company.id}
    db.session.add(Contract(number="90/2023", valid_from=date(2023, 1, 1), valid_to=date(2023, 12, 31), **terms))
    db.session.add(Contract(number="1/2099", valid_from=date(2099, 1, 1), **terms))
    for index in range(12):
        name = f"АО «Клиент {index}»" if index else "Очень" * 30
        made = Company(name=name, name_key=name_key(name), created_at=now())
        db.session.add(made)
        db.session.flush()
        end = today + timedelta(days=10 * index - 20)
        own = terms | {"company_id": made.id}
        db.session.add(Contract(number=f"{index}/26", valid_from=date(2025, 1, 1), valid_to=end, **own))
        db.session.add(
            Person(name=f"Человек {index}", email=f"p{index}@x.example", company_id=company.id, created_at=now())
        )
    cast.request_of_carol(urgency=Urgency.URGENT, text="Касса не пробивает чеки " * 6)
    number = cast.request_of_carol().number
    outbox.commit()
    paths = pages_to_look_at(company, carol, number)
    db.session.rollback()
    return paths


def pages_to_look_at(company: Company, carol: Person, number: str) -> dict[str, str]:
    return {
        "companies": "/companies",
        "card": f"/companies/{company.id}",
        "company-form": f"/companies/{company.id}/edit",
        "contract": f"/companies/{company.id}/contracts/{company.contracts[0].id}",
        "people": "/people",
        "person": f"/people/{carol.id}",
        "person-form": "/people/new",
        "imports": "/imports",
        "merge": f"/companies/{company.id}/merge?q=",
        "merge-person": f"/people/{carol.id}/merge?q=",
        "contact": "/client",
        "nothing": "/companies?q=нет",
        "ticket": f"/tickets/{number}",
        "call": "/tickets/new?phone=89005550144",
    }


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible_and_nothing_sticks_out(
    site: Site, context_of: Callable[..., BrowserContext], width: int, scheme: str
):
    paths = fill_desk()
    context = context_of(viewport={"width": width, "height": 800}, color_scheme=scheme)
    sign_in(context, site)
    page = context.new_page()
    for name, path in paths.items():
        page.goto(site.url + path)
        assert troubles(page) == [], name
        assert overflow(page) <= 0, name


def test_a_big_file_presses_on_by_itself(site: Site, context_of: Callable[..., BrowserContext], monkeypatch):
    monkeypatch.setattr("app.imports.uploaded.PRESS_LASTS", 0.0)
    context = context_of()
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site.url}/imports")
    text = "название\n" + "".join(f"Фирма {number}\n" for number in range(700))
    page.set_input_files("#file", {"name": "firms.csv", "mimeType": "text/csv", "buffer": text.encode("cp1251")})
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.locator("#import")).to_contain_text("Хороших: 700", timeout=30_000)
    page.get_by_role("button", name="Записать все: 700").click()
    expect(page.locator("#import")).to_contain_text("Записано строк: 700", timeout=30_000)


def test_a_company_is_made_by_keyboard_without_script(site: Site, context_of: Callable[..., BrowserContext]):
    context = context_of(java_script_enabled=False)
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site.url}/companies/new")
    page.keyboard.type("ООО «Ромашка»")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("ООО «Ромашка»")
    page.get_by_role("link", name="Добавить договор").click()
    page.fill("#number", "7/26")
    page.fill("#valid_from", "2026-01-01")
    page.press("#number", "Enter")
    expect(page.locator(".agreement")).to_contain_text("действует")
