"""Where the link in a letter of pages leads, in a real browser: one button, with and without script, in every look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app import alarms, clock, database, escalations, outbox, paging
from app.extensions import db
from app.models import Delivery, Urgency
from app.models.words import DeliveryChannel
from app.paging import links
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def link(site: Site) -> str:
    """Masha is called for an urgent request, and for a trouble of the desk at the same moment."""
    cast.masha()
    cast.request_of_carol(urgency=Urgency.URGENT, text="Касса не печатает чек, очередь на улице. " * 4)
    clock.shift(timedelta(minutes=12))
    with outbox.transaction():
        escalations.report_system("silent: mail", "Часть программы «mail» молчит с 3:00.", clock.now())
    alarms.sweep()
    paging.sweep()
    to_masha = (Delivery.recipient == cast.masha().email, Delivery.channel == DeliveryChannel.EMAIL)
    with database.reading():  # a transaction that might write would keep the server waiting
        delivery = db.session.scalars(select(Delivery).where(Delivery.notice == paging.NOTICE, *to_masha)).one()
        token = links.token_of(delivery)
        db.session.rollback()
    return f"{site.url}/pages/{token}"


def test_the_page_is_readable_in_every_look_before_and_after(
    link: str, context_of: Callable[..., BrowserContext]
) -> None:
    for is_over in (False, True):
        for width, scheme in LOOKS:
            context = context_of(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            page.goto(link)
            assert troubles(page) == []
            assert overflow(page) == 0
            expect(page.get_by_role("button", name="Беру на контроль")).to_have_count(0 if is_over else 1)
        if not is_over:
            page.get_by_role("button", name="Беру на контроль").click()
            expect(page.locator("h1")).to_have_text("На контроле")


def test_it_works_without_script(link: str, context_of: Callable[..., BrowserContext]) -> None:
    page: Page = context_of(java_script_enabled=False).new_page()
    page.goto(link)
    page.get_by_role("button", name="Беру на контроль").click()
    expect(page.locator("main")).to_contain_text("Мария Иванова")
