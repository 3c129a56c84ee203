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
from tests.browser.test_accessible import LOOKS, overflow, troubles
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


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_list_is_accessible_and_fits(
    site: Site, ticket: Ticket, signed_in: Callable[..., BrowserContext], width: int, scheme: str
):
    other = request_of_carol(
        text=f"Фискальный накопитель переполнен {'оч' * 60}",
        email="dan@other.example",
        company="Ромашка" * 20,
        phone="",
    )
    tickets.solve(other, Contribution("Заменили " * 60), acting(alice()), now())
    outbox.commit()
    indexing.run()
    db.session.rollback()
    page = signed_in(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
    page.goto(f"{site.url}/tickets/{ticket.number}")
    expect(page.locator("#similar").get_by_role("link")).to_have_count(2)
    assert troubles(page) == []
    assert overflow(page) <= 0
    page.goto(f"{site.url}/tickets/{ticket.number}/similar")
    assert troubles(page) == []
    assert overflow(page) <= 0
