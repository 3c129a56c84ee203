"""The manager's list in Chromium: it stands still under the pointer, a call is dialled and logged, fingers hit it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app import escalations, outbox
from app.actor import SYSTEM
from app.clock import now
from app.extensions import db
from app.models.escalation import Escalation, EscalationAct
from app.models.ticket import Ticket
from app.models.words import Cause, Handling, Urgency
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_manager_pages import sign_in

pytestmark = pytest.mark.browser

_CHANGED = """document.dispatchEvent(new CustomEvent("live:change", {detail: new Set(["escalations"])}))"""
_SMALL = """() => [...document.querySelectorAll("main a, main button, main summary, aside a")]
    .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44)
    .map((one) => one.textContent.trim())"""


def escalated(cause: Cause, **request) -> Ticket:
    ticket = cast.request_of_carol(**request)
    escalations.escalate(ticket, cause, SYSTEM, now(), "solution" if cause is Cause.MISSED else "")
    outbox.commit()
    return ticket


def opened(context: BrowserContext, site: Site, path: str = "/escalations") -> Page:
    sign_in(context, site)
    page = context.new_page()
    page.goto(site.url + path)
    return page


def test_rows_do_not_move_under_the_pointer_and_the_news_are_offered(
    site: Site, context_of: Callable[..., BrowserContext]
):
    first = escalated(Cause.COMPLAINT).number
    page = opened(context_of(), site)
    row = page.locator(f"[data-ticket='{first}']")
    row.locator(".escalation__title").hover()
    page.mouse.move(*_middle(row))
    second = escalated(Cause.MISSED).number
    page.evaluate(_CHANGED)
    offer = page.locator("#order-changed")
    expect(offer).to_be_visible()
    expect(page.locator(f"[data-ticket='{second}']")).to_have_count(0)
    offer.get_by_role("link").click()
    expect(page.locator(f"[data-ticket='{second}']")).to_be_visible()
    expect(offer).to_be_hidden()


def test_the_list_goes_on_when_the_pointer_has_left(site: Site, context_of: Callable[..., BrowserContext]):
    first = escalated(Cause.COMPLAINT).number
    page = opened(context_of(), site)
    page.mouse.move(*_middle(page.locator(f"[data-ticket='{first}']")))
    second = escalated(Cause.MISSED).number
    page.evaluate(_CHANGED)
    expect(page.locator("#order-changed")).to_be_visible()
    page.mouse.move(5, 5)
    expect(page.locator(f"[data-ticket='{second}']")).to_be_visible()


def test_a_call_is_dialled_and_is_one_line_of_the_log(site: Site, context_of: Callable[..., BrowserContext]):
    ticket = escalated(Cause.COMPLAINT)
    page = opened(context_of(), site)
    with page.expect_request(lambda request: request.url.endswith("/call")) as asked:
        page.locator(f"[data-ticket='{ticket.number}']").get_by_role("link", name="Позвонить").click()
    answer = asked.value.response()
    assert answer is not None
    act = db.session.query(EscalationAct).one()
    assert (act.kind, act.staff_id) == (Handling.CALLED, cast.masha().id)


@pytest.mark.parametrize("path", ["", "/{}", "/{}/assignment", "/log", "/thresholds"])
def test_on_a_phone_everything_is_large_enough_for_a_finger(
    site: Site, context_of: Callable[..., BrowserContext], path: str
):
    escalated(Cause.URGENT_UNTAKEN, urgency=Urgency.URGENT)
    escalated(Cause.MISSED)
    row = db.session.query(Escalation).order_by(Escalation.id.desc()).limit(1).one()
    escalations.acknowledge(row, "Звоню", cast.acting(cast.masha()), now())
    address = "/escalations" + path.format(row.id)
    outbox.commit()
    page = opened(context_of(viewport={"width": 390, "height": 844}, color_scheme="dark"), site, address)
    assert page.evaluate(_SMALL) == []


def _middle(row) -> tuple[float, float]:
    box = row.bounding_box()
    assert box is not None
    return box["x"] + 30, box["y"] + box["height"] - 8
