"""The leading tab's stream carries rows and counts; another view in another tab fetches its own."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app import outbox, tickets
from app.clock import now
from app.tickets import Contribution
from tests.browser.conftest import Site
from tests.browser.test_queue_live import AT_ONCE, desk_of, row
from tests.cast import acting, alice, bob, request_of_carol

__all__ = ["desk_of"]


def parts_asked_for(page: Page) -> list[str]:
    """Rows that this page fetches from now on."""
    found: list[str] = []
    page.on("request", lambda asked: found.append(asked.url) if "/queue/rows/" in asked.url else None)
    return found


def test_rows_come_along_with_the_stream(site: Site, desk_of):
    first = request_of_carol()
    page = desk_of(alice())
    page.mouse.move(5, 300)
    expect(row(page, first)).to_be_visible()
    asked = parts_asked_for(page)
    fresh = request_of_carol(text="Касса не пробивает чеки")
    expect(row(page, fresh)).to_be_visible(timeout=AT_ONCE)
    expect(page.locator("#summary")).to_contain_text("2 заявки", timeout=AT_ONCE)
    tickets.take(first, acting(bob()), now())
    outbox.commit()
    expect(row(page, first)).to_contain_text("Белов", timeout=AT_ONCE)
    tickets.solve(first, Contribution("Перезапустили службу"), acting(bob()), now())
    outbox.commit()
    expect(row(page, first)).to_be_hidden(timeout=AT_ONCE)
    assert asked == []


def test_a_tab_with_another_view_fetches_its_own(site: Site, desk_of):
    first = request_of_carol()
    leading = desk_of(alice())
    leading.mouse.move(5, 300)
    expect(row(leading, first)).to_be_visible()
    second = leading.context.new_page()
    with second.expect_response(lambda answer: "/queue/list" in answer.url):
        second.goto(f"{site.url}/queue?view=mine")
    second.mouse.move(5, 300)
    tickets.take(first, acting(alice()), now())
    outbox.commit()
    expect(row(second, first)).to_be_visible(timeout=AT_ONCE)
    expect(row(leading, first)).to_contain_text("Вы", timeout=AT_ONCE)


def test_the_row_under_the_pointer_waits_although_it_was_carried(site: Site, desk_of):
    first, other = request_of_carol(), request_of_carol(text="Не печатает счёт-фактуры")
    page = desk_of(alice())
    row(page, first).hover()
    for ticket in (first, other):
        tickets.take(ticket, acting(bob()), now())
    outbox.commit()
    expect(row(page, other)).to_contain_text("Белов", timeout=AT_ONCE)
    expect(row(page, first)).not_to_contain_text("Белов")
    page.mouse.move(5, 300)
    expect(row(page, first)).to_contain_text("Белов", timeout=AT_ONCE)
