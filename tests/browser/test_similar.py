"""«Похожие решённые» in the browser: there without a click, and what was done set in at the cursor of the answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from app import outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import Ticket
from app.search import indexing
from app.tickets import Contribution
from tests.browser.conftest import Site
from tests.cast import acting, alice, request_of_carol

DONE = "Заменили накопитель,\nперерегистрировали кассу"


@pytest.fixture
def ticket(site: Site) -> Ticket:
    """A request like one that was solved."""
    solved = request_of_carol(text="Фискальный накопитель переполнен")
    tickets.solve(solved, Contribution(DONE), acting(alice()), now())
    ticket = request_of_carol(text="Фискальный накопитель снова переполнен")
    outbox.commit()
    indexing.run()
    db.session.rollback()
    return ticket


def test_a_solution_is_set_in_at_the_cursor(site: Site, ticket: Ticket, signed_in: Callable[..., BrowserContext]):
    page = signed_in().new_page()
    page.goto(f"{site.url}/tickets/{ticket.number}")
    part = page.locator("#similar")
    expect(part.get_by_role("link")).to_have_text("Фискальный накопитель переполнен")
    page.fill("#text", "Здравствуйте!")
    part.get_by_role("button", name="Вставить").click()
    expect(page.locator("#text")).to_have_value(f"Здравствуйте!\n{DONE}")
    expect(page.locator("#text")).to_be_focused()
    page.reload()
    expect(page.locator("#text")).to_have_value(f"Здравствуйте!\n{DONE}")  # the draft holds it


def test_without_a_script_a_link_leads_to_them(site: Site, ticket: Ticket, signed_in: Callable[..., BrowserContext]):
    page = signed_in(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/tickets/{ticket.number}")
    page.get_by_role("link", name="Похожие решённые").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Похожие решённые")
    page.get_by_role("link", name="Фискальный накопитель переполнен").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Фискальный накопитель переполнен")
