"""Start links of the bot, ``t.me/<bot>?start=<payload>``: signed, short-lived, spent once used.

The payload is 39 characters of base64url: what it opens (1 byte), whose (6), when it was made, in milliseconds (6), and
128 bits of signature, which also stands for the address: a person with another e-mail needs another link.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app import clock, signing
from app.config import settings
from app.models.person import Person
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.rows import find_row

PERSON_LINK_LIVES = timedelta(days=3)  # it stands in a letter
TICKET_LINK_LIVES = timedelta(days=1)  # it stands on the request's page, which makes a fresh one each time
STAFF_LINK_LIVES = timedelta(hours=1)  # it stands on a page behind the sign-in
ANSWER_WITHIN = timedelta(hours=1)
_PERSON, _STAFF, _TICKET = b"p", b"s", b"t"
_LIVES = {_PERSON: PERSON_LINK_LIVES, _STAFF: STAFF_LINK_LIVES, _TICKET: TICKET_LINK_LIVES}
_SIGNATURE = 16  # bytes
_SKEW = 3000  # milliseconds by which the clocks of two machines may differ
_LENGTH = 13 + _SIGNATURE
# A kind and two zero bytes, wherever it stands, also inside an address that a mail gateway has wrapped into its own.
_QUOTED = re.compile(r"(?:cAAA|cwAA|dAAA)[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")
BLOT = "…"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Pairing:
    """What a start link opens; exactly one is set. ``ticket``: this one request (``chats.follow``), and nobody's name.

    A person's link is their letter's; ask «Всё верно?» before pairing: somebody may have been sent another's link.
    """

    person: Person | None = None
    staff: Staff | None = None
    ticket: Ticket | None = None


def person_link(person: Person, at: datetime) -> str:
    """For a letter to the person's own address, and for nothing else: it opens all their requests. "": no bot."""
    return _link(_PERSON, person.id, at, _seal_of_person(person)) if person.email else ""


def staff_link(staff: Staff, at: datetime) -> str:
    """For the page of this member of staff. "": no bot."""
    return _link(_STAFF, staff.id, at, staff.email)


def ticket_link(ticket: Ticket, at: datetime) -> str:
    """For the customer's page: who has that page may have this one request in Telegram too. "": no bot."""
    return _link(_TICKET, ticket.id, at, _seal_of_ticket(ticket))


def read_start(payload: str) -> Pairing | None:
    """What a payload opens now; None: forged, expired, used, revoked, or of somebody who has left."""
    raw = _decoded(payload)
    if raw is None:
        return None
    kind, row_id, made = raw[:1], int.from_bytes(raw[1:7]), int.from_bytes(raw[7:13])
    pairing, seal, links_from = _found(kind, row_id)
    if not hmac.compare_digest(raw, _packed(kind, row_id, made, seal)):
        return None
    is_alive = -_SKEW <= _milliseconds(clock.now()) - made <= _milliseconds_of(_LIVES[kind])
    is_spent = links_from is not None and made <= _milliseconds(links_from)
    return pairing if is_alive and not is_spent else None


def stamp() -> int:
    """This moment, as ``holds`` wants it."""
    return _milliseconds(clock.now())


def holds(person: Person, how: str, asked: int) -> bool:
    """Whether the proof for which «Всё верно?» was asked at this ``stamp`` still holds: for an hour, a link for one."""
    is_fresh = -_SKEW <= stamp() - asked <= _milliseconds_of(ANSWER_WITHIN)
    is_spent = how == "link" and person.links_from is not None and asked <= _milliseconds(person.links_from)
    return is_fresh and not is_spent


def without_links(text: str) -> str:
    """The text with payloads of ours blotted out: a letter that is quoted back opens nothing for those who read it."""
    return _QUOTED.sub(BLOT, text)


def _link(kind: bytes, row_id: int, at: datetime, seal: str) -> str:
    if not settings().telegram_bot_token:
        return ""
    payload = base64.urlsafe_b64encode(_packed(kind, row_id, _milliseconds(at), seal)).rstrip(b"=").decode()
    return f"https://t.me/{settings().firm_bot}?start={payload}"


def _packed(kind: bytes, row_id: int, made: int, seal: str) -> bytes:
    head = kind + row_id.to_bytes(6) + made.to_bytes(6)
    return head + signing.sign("telegram-start", f"{head.hex()}:{seal}")[:_SIGNATURE]


def _decoded(payload: str) -> bytes | None:
    """The bytes of a payload that has the form of ours in its one spelling."""
    try:
        raw = base64.b64decode(payload.encode("ascii") + b"=" * (-len(payload) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    is_ours = len(raw) == _LENGTH and raw[:1] in _LIVES
    return raw if is_ours and base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == payload else None


def _found(kind: bytes, row_id: int) -> tuple[Pairing | None, str, datetime | None]:
    """What a link would open, the words that seal it, and from when its links count."""
    if kind == _PERSON and (person := find_row(Person, row_id)):
        return Pairing(person=person), _seal_of_person(person), person.links_from
    if kind == _STAFF and (staff := find_row(Staff, row_id)):
        return (None if staff.is_disabled else Pairing(staff=staff)), staff.email, staff.links_from
    if kind == _TICKET and (ticket := find_row(Ticket, row_id)):
        return Pairing(ticket=ticket), _seal_of_ticket(ticket), None
    return None, "", None


def _seal_of_person(person: Person) -> str:
    return person.email or ""


def _seal_of_ticket(ticket: Ticket) -> str:
    return f"{ticket.number}:{ticket.link_version}"


def _milliseconds(at: datetime) -> int:
    return _milliseconds_of(at - _EPOCH)


def _milliseconds_of(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
