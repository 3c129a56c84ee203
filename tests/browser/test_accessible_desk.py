"""The engineers' pages, wide and narrow, light and dark: no serious finding of axe, and nothing sticks out sideways."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page

from app import outbox, tickets
from app.clock import now
from app.models import Urgency
from app.search import indexing
from app.tickets import Contribution
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles
from tests.cast import PASSWORD, acting, alice, bob, request_of_carol
from tests.intake.html_letters import html_mail
from tests.intake.mailing import messages, receive, ticket_of


@pytest.fixture
def addresses(site: Site) -> dict[str, str]:
    """Each page of the engineers by name."""
    own, his = acting(alice()), acting(bob())
    told = {
        "late": request_of_carol(at=now() - timedelta(days=9), text="Ооооочень" * 20),
        "urgent": request_of_carol(urgency=Urgency.URGENT, text="Касса стоит"),
        "talk": request_of_carol(text="Почта не приходит"),
        "waiting": request_of_carol(text="Нужен принтер"),
        "solved": request_of_carol(text="Мышь"),
    }
    tickets.take(told["late"], own, now())
    tickets.reply(told["talk"], Contribution("Смотрю. " * 30), own, now())
    tickets.note(told["talk"], Contribution("Автозапуск стоит вручную"), own, now())
    tickets.ask(told["waiting"], Contribution("Какая модель?"), his, now())
    tickets.solve(told["solved"], Contribution("Заменили"), his, now())
    outbox.commit()
    letter = ticket_of(
        receive(html_mail('<h1>Счёт</h1><img src="https://cdn.example/a.png">', Date="1 Jan 2026 9:00 +0300"))
    )
    message_id = messages(letter)[0].id
    pages = {name: f"/tickets/{ticket.number}" for name, ticket in told.items()}
    indexing.run()
    views = ("open", "mine", "unassigned", "solved")
    return {
        **pages,
        **{f"view {view}": f"/queue?view={view}" for view in views},
        "history": f"{pages['talk']}/history",
        "letter": f"/tickets/{letter.number}",
        "search": "/search?q=%D0%BC%D1%8B%D1%88%D1%8C",
        "search, narrowed, with a slip": "/search?q=%D0%BC%D1%8B%D1%88%D0%BA%D0%B8%D0%B8&state=new&order=best",
        "search, nothing": "/search?q=482174",
        "letter as it looks": f"/tickets/{letter.number}?letter={message_id}",
    }


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_desk_is_accessible_and_fits(site: Site, addresses: dict[str, str], context_of, width: int, scheme: str):
    context: BrowserContext = context_of(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site.url}/login")
    page.fill("#email", "alice@stek.example")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Войти").click()
    found: dict[str, list[str]] = {}
    for name, address in addresses.items():
        page.goto(site.url + address)
        wrong = troubles(page)
        if overflow(page) > 0:
            wrong.append(f"{overflow(page)} px too wide: {sticking_out(page)}")
        if page.locator("#kind-note").count():
            page.locator("#kind-note").check(force=True)
            wrong += [f"as a note: {trouble}" for trouble in troubles(page)]
            page.locator("#kind-reply").check(force=True)
        for summary in page.locator("main details > summary").all():
            summary.click(force=True)
            wrong += [f"opened: {trouble}" for trouble in troubles(page)]
            summary.click(force=True)
        if wrong:
            found[name] = sorted(set(wrong))
    assert not found


def sticking_out(page: Page) -> list[str]:
    """Which elements are wider than the window."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('body *')]"
        ".filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth)"
        ".map((one) => `${one.tagName}.${one.className}`).slice(-3)"
    )
    return found
