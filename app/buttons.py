"""Buttons under the bot's messages: what they say, and what a pressed one means when it comes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from urllib.parse import urlsplit

from app.translate import _

Button = dict[str, str]


class Press(StrEnum):
    """What is asked for by pressing a button under a notice."""

    RATE = auto()
    REOPEN = auto()
    COMPLAIN = auto()
    TAKE = auto()  # staff
    ACKNOWLEDGE = auto()  # managers


@dataclass(frozen=True)
class Pressed:
    """A button of a notice that came back: about which request, and with a rating which."""

    press: Press
    number: str
    value: int = 0


def data(press: Press, number: str, value: int = 0) -> str:
    """What Telegram hands back when the button is pressed, 64 bytes at most: «rate:482173:5», «take:482173»."""
    return f"{press}:{number}:{value}" if value else f"{press}:{number}"


def read(text: str) -> Pressed | None:
    """The meaning of a pressed button's data, or None when it is no button of a notice."""
    press, _colon, rest = text.partition(":")
    number, _colon, value = rest.partition(":")
    if press not in set(Press) or not (text.isascii() and number.isdigit()) or not f"{value}0".isdigit():
        return None
    return Pressed(Press(press), number, int(value or 0))


def ratings(number: str) -> list[Button]:
    """A row of five."""
    return [{"text": str(value), "data": data(Press.RATE, number, value)} for value in range(1, 6)]


def reopening(number: str) -> Button:
    return {"text": _("Не помогло, открыть заново"), "data": data(Press.REOPEN, number)}


def complaint(number: str) -> Button:
    return {"text": _("Пожаловаться руководителю"), "data": data(Press.COMPLAIN, number)}


def taking(number: str) -> Button:
    return {"text": _("Взять"), "data": data(Press.TAKE, number)}


def acknowledgement(number: str) -> Button:
    return {"text": _("Беру на контроль"), "data": data(Press.ACKNOWLEDGE, number)}


def page(text: str, url: str) -> list[Button]:
    """A button that opens a page; none where Telegram would refuse the address and with it the whole message."""
    host = urlsplit(url).hostname or ""
    return [{"text": text, "url": url}] if "." in host and not host.startswith("127.") else []
