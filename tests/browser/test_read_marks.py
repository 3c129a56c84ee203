"""Reading in one page calms the row in the reader's other pages, in the browser, and in nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app import intake, outbox
from app.clock import now
from app.extensions import db, redis_client
from app.intake import Intake
from app.models import Channel, Ticket
from tests.browser.conftest import Site
from tests.cast import alice, bob, request_of_carol

SOON = 12_000  # milliseconds; a page says after one second that it is open


@pytest.fixture(autouse=True)
def no_seats(redis_url: str) -> None:
    for key in redis_client(redis_url).scan_iter("hd:streams:*"):
        redis_client(redis_url).delete(key)


def says(ticket: Ticket, text: str) -> None:
    intake.receive(
        Intake(channel=Channel.WEB, text=text, ticket=ticket, email="carol@neva-trade.example", at=now(), key=text)
    )
    outbox.commit()


def is_read(page: Page, ticket: Ticket, *, whether: bool = True) -> None:
    row = page.locator(f"#t{ticket.number}")
    bold = re.compile(r"\bis-unread\b")
    if whether:
        expect(row).not_to_have_class(bold, timeout=SOON)
    else:
        expect(row).to_have_class(bold, timeout=SOON)
    hidden = row.locator(".rows__what .visually-hidden", has_text="Не прочитана")
    expect(hidden).to_have_count(0 if whether else 1)


def test_a_row_calms_where_its_reader_looks(site: Site, signed_in: Callable[..., BrowserContext]):
    ticket, queue = request_of_carol(), f"{site.url}/queue"
    db.session.rollback()
    hers, his = signed_in(member=alice()), signed_in(member=bob()).new_page()
    her_list, her_page = hers.new_page(), hers.new_page()
    for page in (her_list, his):
        page.goto(queue)
        is_read(page, ticket, whether=False)
    her_list.evaluate("document.addEventListener('animationstart', () => { window.hasFlashed = true; })")
    her_page.goto(f"{site.url}/tickets/{ticket.number}")
    is_read(her_list, ticket)
    assert not her_list.evaluate("window.hasFlashed")
    is_read(his, ticket, whether=False)

    her_page.goto(f"{site.url}/escalations/none")
    says(ticket, "Всё ещё не открывается")
    for page in (her_list, his):
        is_read(page, ticket, whether=False)
        expect(page.locator(f"#t{ticket.number} .rows__answered")).to_have_text("Есть ответ")
    his.goto(f"{site.url}/tickets/{ticket.number}")
    with his.expect_response(lambda answer: answer.url.endswith("/presence") and answer.request.method == "POST"):
        pass
    his.goto(queue)
    is_read(his, ticket)
    expect(his.locator(f"#t{ticket.number} .rows__answered")).to_be_visible()
    is_read(her_list, ticket, whether=False)


def test_what_comes_in_before_ones_eyes_is_read(site: Site, signed_in: Callable[..., BrowserContext]):
    ticket = request_of_carol()
    db.session.rollback()
    hers = signed_in(member=alice())
    her_list, her_page = hers.new_page(), hers.new_page()
    her_list.goto(f"{site.url}/queue")
    her_page.goto(f"{site.url}/tickets/{ticket.number}")
    is_read(her_list, ticket)
    says(ticket, "Вот ещё снимок")
    expect(her_page.locator("#conversation")).to_contain_text("Вот ещё снимок", timeout=SOON)
    is_read(her_list, ticket)
    expect(her_list.locator(f"#t{ticket.number} .rows__answered")).to_be_visible(timeout=SOON)
