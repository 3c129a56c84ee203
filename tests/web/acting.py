"""Acts on the page of one request, sent by its own forms."""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.models import Event, EventKind, Ticket
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


def kinds(ticket: Ticket) -> list[EventKind]:
    """What happened, oldest first."""
    return list(db.session.scalars(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.id)))
