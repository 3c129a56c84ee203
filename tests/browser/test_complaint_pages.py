"""Complaints in Chromium, for customers and managers, wide and narrow, light and dark; calling without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from app import complaints, outbox, signing, tickets
from app.clock import now
from app.complaints import Said
from app.models.complaint import Complaint
from app.models.words import ComplaintOrigin
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles
from tests.browser.test_manager_pages import sign_in

pytestmark = pytest.mark.browser


def cases() -> tuple[Complaint, str]:
    """One that is talked about, and more beside it; the first and the link of its request."""
    manager, by = cast.acting(cast.masha()), cast.acting(cast.alice())
    ticket = cast.request_of_carol()
    tickets.take(ticket, by, now())
    first = tickets.complain(ticket, Said("Второй день никто не перезвонил. " * 4), by, now())
    complaints.write(first, "Ольга Сергеевна, разбираюсь, позвоню до вечера.", manager, now())
    complaints.note(first, "Алиса была на выезде", manager, now())
    tickets.solve(ticket, tickets.Contribution("Готово"), by, now())
    tickets.rate(ticket, 2, "Долго", by, now())
    other = cast.request_of_carol(text="Очень" * 30)
    answered = tickets.complain(other, "Слово" * 60, by, now())
    complaints.answer(answered, "Инженер перезвонил", manager, now())
    who = complaints.Who(phone="+79005550144")
    complaints.open_case(ComplaintOrigin.CALL, Said("Не дозвониться"), who, by, now())
    outbox.commit()
    return first, signing.link_token(ticket.number, ticket.link_version)


def seen(page: Page, site: Site, paths: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        answer = page.goto(site.url + path)
        assert answer is not None
        assert answer.ok, path
        wrong = troubles(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])
        if wrong:
            found[path] = wrong
    return found


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible_and_fit(
    site: Site, context_of: Callable[..., BrowserContext], width: int, scheme: str
) -> None:
    first, token = cases()
    case, own = f"/complaints/{first.id}", f"/head/{signing.complaint_token(first.id)}"
    number = token.partition(".")[0]
    look = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    customer = context_of(**look)
    public = seen(customer.new_page(), site, ["/head", f"/r/{token}/head", own, f"/r/{token}"])
    manager = context_of(**look)
    sign_in(manager, site)
    pages = ["/complaints", "/complaints?view=answered", "/complaints/new", case, "/me/ratings", f"/tickets/{number}"]
    assert public | seen(manager.new_page(), site, pages) == {}


def test_the_head_is_called_without_scripts(site: Site, context_of: Callable[..., BrowserContext]) -> None:
    context = context_of(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site.url)
    page.get_by_role("link", name="Позвать руководителя").click()
    page.fill("#text", "Касса стоит")
    page.get_by_role("button", name="Позвать руководителя").click()
    assert page.locator("#phone-error").is_visible()
    page.fill("#phone", "8 900 555 01 44")
    page.get_by_role("button", name="Позвать руководителя").click()
    page.get_by_text("он ещё не открывал сообщение").wait_for()
