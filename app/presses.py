"""What the buttons under the bot's messages carry: one spelling for who shows them and who answers them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from urllib.parse import urlsplit

from app import signing
from app.config import settings
from app.models.ticket import Ticket

LONGEST = 64  # bytes that the Bot API takes as callback_data


class Press(StrEnum):
    """An act that a button asks for. What it carries proves nothing: rights are looked at when it is pressed."""

    # about a request; the subject is its number
    CARD = auto()
    ADD = auto()
    URGENT = auto()
    RATE = auto()  # the value is 1 to 5
    REOPEN = auto()
    COMPLAIN = auto()
    # about the request being put together; the subject is its key
    CHOOSE = auto()  # the value is the number of the request that the held words belong to, or "new"
    USUAL = auto()
    URGENCY = auto()  # the value is normal or urgent
    NO_FILES = auto()
    SEND = auto()
    FIX = auto()
    CANCEL = auto()
    # about who writes
    OWN = auto()  # the value is yes or no
    PAIR = auto()
    HEAD = auto()  # to the head of the desk; the subject is the complaint it goes on with, or none
    # of staff
    TAKE = auto()
    ACKNOWLEDGE = auto()  # the subject is the escalation's id
    PAGED = auto()  # take charge of all that a message of pages told; the subject is its delivery's id


@dataclass(frozen=True)
class Pressed:
    """One button's data, read."""

    press: Press
    subject: str = ""
    value: str = ""


def read(data: str) -> Pressed | None:
    """What a button carried; None for what is no button of ours."""
    name, _, rest = data.partition(":")
    if name not in set(Press):
        return None
    subject, _, value = rest.partition(":")
    return Pressed(Press(name), subject, value)


def button(text: str, press: Press, subject: str = "", value: str = "") -> dict[str, str]:
    """A button that asks for an act."""
    data = f"{press.value}:{subject}:{value}".rstrip(":")
    assert len(data.encode()) <= LONGEST
    return {"text": text, "data": data}


def about(text: str, press: Press, ticket: Ticket, value: str = "") -> dict[str, str]:
    """A button that asks for an act on a request: ``about("5", Press.RATE, ticket, "5")``."""
    return button(text, press, ticket.number, value)


def site(text: str, ticket: Ticket) -> list[dict[str, str]]:
    """A button that opens the customer's own page; none where Telegram would refuse the address, and the message."""
    return page(text, f"/r/{signing.link_token(ticket.number, ticket.link_version)}")


def desk(text: str, ticket: Ticket) -> list[dict[str, str]]:
    """A button that opens the engineers' page of a request, where Telegram takes its address."""
    return page(text, f"/tickets/{ticket.number}")


def page(text: str, path: str) -> list[dict[str, str]]:
    """A button that opens a page of ours, where Telegram takes its address."""
    host = urlsplit(settings().public_url).hostname or ""
    if "." not in host or host.startswith("127."):
        return []
    return [{"text": text, "url": f"{settings().public_url}{path}"}]
