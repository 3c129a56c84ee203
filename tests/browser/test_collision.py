"""Two engineers before one request, side by side: who writes is seen, and no answer leaves over one not yet read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from app import clock, outbox, tickets
from app.actor import Actor
from app.extensions import db, redis_client
from app.models import Channel
from app.tickets import Contribution
from tests.browser.conftest import Site
from tests.cast import alice, bob, carol, request_of_carol

AT_ONCE = 12_000  # milliseconds; a page without the stream asks after thirty seconds


@pytest.fixture(autouse=True)
def nobody_is_here(site: Site, redis_url: str) -> None:
    redis_client(redis_url).delete("hd:presence")


def test_who_writes_is_seen_in_the_row_and_over_the_answer(site: Site, signed_in: Callable[..., BrowserContext]):
    number = request_of_carol().number
    alice(), bob()
    db.session.rollback()
    hers, his = signed_in(member=alice()).new_page(), signed_in(member=bob()).new_page()
    list_of_his = his.context.new_page()
    db.session.rollback()
    hers.goto(f"{site.url}/tickets/{number}")
    his.goto(f"{site.url}/tickets/{number}")
    list_of_his.goto(f"{site.url}/queue")
    hers.locator("#text").press_sequentially("Здравствуйте", delay=20)
    expect(his.locator("#presence")).to_contain_text("Алиса Орлова пишет ответ", timeout=AT_ONCE)
    expect(list_of_his.locator(f"#t{number} .rows__here")).to_have_text("Орлова отвечает", timeout=AT_ONCE)
    expect(hers.locator("#presence")).not_to_contain_text("пишет")
    hers.goto(f"{site.url}/queue")
    expect(his.locator("#presence")).not_to_contain_text("Орлова", timeout=AT_ONCE)
    expect(list_of_his.locator(f"#t{number} .rows__here")).to_have_count(0, timeout=AT_ONCE)


def test_an_answer_that_came_meanwhile_is_read_first(site: Site, signed_in: Callable[..., BrowserContext]):
    ticket = request_of_carol()
    number = ticket.number
    page = signed_in().new_page()
    db.session.rollback()
    page.goto(f"{site.url}/tickets/{number}")
    page.locator("#text").fill("Еду к вам")
    tickets.answer(
        ticket, Contribution("Спасибо, уже заработало"), Actor.of_person(carol(), "Ольга", Channel.WEB), clock.now()
    )
    outbox.commit()
    strip = page.locator("#unread")
    expect(strip).to_be_visible(timeout=AT_ONCE)
    page.locator("#text").press("Control+Enter")
    expect(strip.get_by_role("link")).to_be_focused()
    expect(page.locator("#conversation")).not_to_contain_text("Уйдёт клиенту")
    strip.get_by_role("link").click()
    expect(page.get_by_text("Спасибо, уже заработало")).to_be_in_viewport()
    expect(page.locator("#text")).to_be_focused()
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("Уйдёт клиенту", timeout=AT_ONCE)
