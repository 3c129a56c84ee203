"""Every public page, wide and narrow, light and dark: no serious finding of axe, and nothing sticks out sideways."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from app import clock, outbox, tickets
from app.models import Ticket
from app.tickets import Contribution
from app.web import links
from tests import cast
from tests.browser.conftest import Site

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


def troubles(page: Page) -> list[str]:
    """Serious and critical findings, each with the place."""
    page.evaluate(AXE.read_text(encoding="utf-8") + "; void 0")
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:160]}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture
def addresses(site: Site) -> dict[str, str]:
    """Each page of the customers by name."""
    alice = cast.acting(cast.alice())
    told = {"new": cast.request_of_carol(), "late": cast.request_of_carol(at=clock.now() - timedelta(days=30))}
    for name in ("open", "waiting", "solved"):
        told[name] = cast.request_of_carol(text=f"Заявка, которая {name}", whose="Очень" * 40)
        tickets.take(told[name], alice, clock.now())
    tickets.reply(told["open"], Contribution("Смотрю. " * 30), alice, clock.now())
    tickets.ask(told["waiting"], Contribution("Когда удобно?"), alice, clock.now())
    tickets.solve(told["solved"], Contribution("Починили."), alice, clock.now())
    outbox.commit()

    def link(ticket: Ticket, rest: str = "") -> str:
        return f"/r/{links.token_of(ticket)}{rest}"

    pages = {name: link(ticket) for name, ticket in told.items()}
    number = told["open"].number
    return {
        **pages,
        "form": "/",
        "status form": "/status",
        "status": f"/status?number={number}",
        "slip": "/status?number=123456",
        "accepted": link(told["new"], "/accepted"),
        "urgency": link(told["new"], "/urgency"),
        "memo": "/memo",
        "privacy": "/privacy",
        "nowhere": "/nowhere",
        "mail": "/dev/mail",
        "login": "/login",
    }


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible_and_fit(site: Site, addresses: dict[str, str], context_of, width: int, scheme: str):
    context: BrowserContext = context_of(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for name, address in addresses.items():
        page.goto(site.url + address)
        for summary in page.locator("main details > summary").all():
            summary.click()
        wrong = troubles(page)
        if overflow(page) > 0:
            wrong.append(f"{overflow(page)} px too wide")
        if wrong:
            found[name] = wrong
    assert not found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_with_errors_is_accessible(site: Site, context_of, scheme: str):
    page = context_of(color_scheme=scheme).new_page()
    page.goto(site.url)
    page.get_by_role("button", name="Отправить заявку").last.click()
    page.locator(".error-summary").wait_for()
    assert not troubles(page)
