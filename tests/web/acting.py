"""Acts on the page of one request, sent by its own forms."""

from __future__ import annotations

from app.models import Ticket
from tests.web.browse import Browser, Page


def address(ticket: Ticket) -> str:
    return f"/tickets/{ticket.number}"


def sent(browser: Browser, ticket: Ticket, act: str, status: int = 200, **typed: object) -> Page:
    """Send the page's own form of an act."""
    page = browser.open(address(ticket))
    return browser.send(page, action(page, f"{address(ticket)}/{act}"), status, **typed)


def action(page: Page, start: str) -> str:
    """The action of the page's first form whose action begins so (``?`` and what follows aside)."""
    return next(
        one.get("action") or "" for one in page.root.iter("form") if (one.get("action") or "").startswith(start)
    )
