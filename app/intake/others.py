"""Who else may belong to a request: people in copy, and whoever wrote what somebody passes on. Offered, never taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.address_lists import is_own
from app.intake.mime.addresses import valid_address
from app.intake.mime.headers import is_forward
from app.intake.mime.letter import ParsedLetter

MOST = 20
_LINES = 200
_MARKER = re.compile(
    r"[\s>*_-]*(?:пересылаемое сообщение|пересланное (?:сообщение|письмо)|перенаправленное (?:сообщение|письмо)"
    r"|forwarded (?:message|by)|begin forwarded message|original message|исходное сообщение)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"[\s>*_]{0,20}(?:from|от кого|от|отправитель|sender)[*_]{0,4}\s{0,5}:[*_]{0,4}\s{0,5}(\S.{0,300})", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w.-]{1,189}")


def others(letter: ParsedLetter) -> list[dict[str, str]]:
    """At most ``MOST``, the forwarded letter's writer first; neither the writer nor we ourselves."""
    found = [*_forwarded(letter), *(("cc", box.email, box.name) for box in letter.cc)]
    people: dict[str, dict[str, str]] = {}
    for how, email, name in found:
        address = email.lower()
        if address != letter.from_email.lower() and valid_address(address) and not is_own(address):
            people.setdefault(address, {"email": address, "name": name[:200], "how": how})
    return list(people.values())[:MOST]


def _forwarded(letter: ParsedLetter) -> Iterator[tuple[str, str, str]]:
    """The first «От:» with an address below the marker of a forwarded letter, or anywhere under a subject «Fwd:»."""
    is_below = is_forward(letter.subject)
    for line in letter.text.split("\n", _LINES)[:_LINES]:
        is_below = is_below or bool(_MARKER.match(line[:200]))
        sender = _FROM.match(line[:400]) if is_below else None
        if sender and (address := _ADDRESS.search(sender.group(1))):
            name = sender.group(1)[: address.start()].strip(" \t\"'<[(*_")
            yield "forwarded", address.group().rstrip("."), name
            return
