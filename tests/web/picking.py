"""Acts on what is ticked in the queue, by its bar and the page of the act."""

from __future__ import annotations

from typing import Any

from app.models import Ticket
from tests.web.acting import action
from tests.web.browse import Browser, Page


def picked(browser: Browser, act: str, *chosen: Ticket) -> Page:
    """From the bar to the page of an act, as its button leads there."""
    return pressed(browser, browser.open("/queue?view=open"), act, number=[one.number for one in chosen])


def pressed(browser: Browser, page: Page, act: str, **ticked: Any) -> Page:
    """The bar's button of an act on what is ticked."""
    button = next(one for one in page.root.iter("button") if f"/picking/{act}" in (one.get("formaction") or ""))
    page.one("form", id="picked").set("action", button.get("formaction") or "")
    return browser.send(page, button.get("formaction") or "", **ticked)


def done(browser: Browser, page: Page, act: str, chosen: list[Ticket], status: int = 200, **typed: object) -> Page:
    address = action(page, f"/queue/bulk/{act}")
    return browser.send(page, address, status, number=[one.number for one in chosen], **typed)


def undone(browser: Browser, page: Page) -> Page:
    return browser.send(page, action(page, "/queue/bulk/"))
