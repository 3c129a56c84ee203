"""Rows of the list as one reader sees them, and what makes them read and unread."""

from __future__ import annotations

from datetime import timedelta

from app import clock, intake, outbox
from app.clock import now
from app.extensions import db
from app.intake import Intake
from app.models import Channel, Ticket
from tests.web.acting import address
from tests.web.browse import Browser


def row_of(one: Browser, ticket: Ticket):
    return one.open("/queue").root.find(f".//tr[@id='t{ticket.number}']")


def is_bold(one: Browser, ticket: Ticket) -> bool:
    row = row_of(one, ticket)
    is_told = "Не прочитана:" in "".join(row.itertext())
    assert is_told == (row.get("class") == "is-unread") == row.get("data-digest").endswith(".unread")
    return is_told


def waits(one: Browser, ticket: Ticket) -> bool:
    return "Есть ответ" in "".join(row_of(one, ticket).itertext())


def look(one: Browser, ticket: Ticket, doing: str = "viewing", seen: str = "") -> None:
    """Open the page and let its script say what it shows."""
    page = one.open(address(ticket))
    shown = page.root.find(".//ol[@data-last]").get("data-last")
    token = page.all("input", name="csrf_token")[0].get("value")
    data = {"doing": doing, "seen": seen or shown, "csrf_token": token}
    assert one.client.post(f"{address(ticket)}/presence", data=data).status_code == 204
    db.session.rollback()


def says(ticket: Ticket, text: str = "Так и не открывается") -> None:
    """Carol's next word, by letter."""
    clock.shift(timedelta(minutes=1))
    intake.receive(
        Intake(channel=Channel.WEB, text=text, ticket=ticket, email="carol@neva-trade.example", at=now(), key=text)
    )
    outbox.commit()
