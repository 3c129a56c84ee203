"""What the letter's own header says: ids, people, subject, and the headers that classification needs."""

from __future__ import annotations

import re
from email.message import Message

from app.intake.mime.addresses import addresses
from app.intake.mime.letter import Mailbox
from app.intake.mime.limits import MAX_KEPT_HEADER, MAX_REFERENCES, MAX_SUBJECT
from app.intake.mime.text import clean_line
from app.intake.mime.words import header_text

NO_SUBJECT = "(без темы)"
_KEPT = frozenset(
    re.findall(
        r"[a-z-]+",
        """authentication-results auto-submitted delivered-to envelope-to errors-to feedback-id importance list-id
        list-unsubscribe precedence reply-to return-path sender x-auto-reply-from x-auto-response-suppress x-autoreply
        x-autorespond x-autoresponse x-failed-recipients x-loop x-mailer x-original-to x-priority x-spam-flag""",
    )
)
_ID = re.compile(r"<([^<>]{1,998})>")
_BARE_ID = re.compile(r"[^\s<>,;()\"]{1,400}@[^\s<>,;()\"]{1,400}")
_PREFIX = re.compile(
    r"\s*(?:(?:re|fwd?|fw|aw|sv|vs|tr|wg|отв|ответ|пересл|пер|на|ha)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*\.?:\s*)",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"\s*(?:fwd?|fw|wg|пересл|пер)\s*\.?:", re.IGNORECASE)


def raw_values(message: Message, name: str) -> list[str]:
    """Every value of a header as it stands, undecoded."""
    return [str(value) for key, value in message.raw_items() if key.lower() == name]


def raw_value(message: Message, name: str) -> str:
    """The first value of a header as it stands, or an empty string."""
    return next(iter(raw_values(message, name)), "")


def ids(value: str) -> list[str]:
    """Message-IDs of a raw header value without their brackets (Exchange writes `<[hex@host]>`)."""
    flat = value.encode("ascii", "ignore").decode("ascii")
    found = _ID.findall(flat) or _BARE_ID.findall(flat)
    cleaned = ["".join(found_id.split()) for found_id in found]
    if len(cleaned) > MAX_REFERENCES:
        cleaned = cleaned[:1] + cleaned[1 - MAX_REFERENCES :]
    return [clean_line(found_id) for found_id in cleaned if found_id]


def people(message: Message, name: str, hint: str) -> list[Mailbox]:
    """Addresses of all headers of that name."""
    return [mailbox for value in raw_values(message, name) for mailbox in addresses(value, hint)]


def sender(message: Message, hint: str) -> Mailbox:
    """First valid address of From, else Sender, else Return-Path; an empty one when there is none."""
    for name in ("from", "sender", "return-path"):
        for mailbox in people(message, name, hint):
            return mailbox
    return Mailbox("", header_text(raw_value(message, "from"), hint)[:200])


def subject(message: Message, hint: str) -> str:
    """The subject as people shall see it."""
    return header_text(raw_value(message, "subject"), hint)[:MAX_SUBJECT].rstrip() or NO_SUBJECT


def plain_subject(text: str) -> str:
    """The subject without `Re:`, `Fwd:`, `Отв:` and the like, for comparing only."""
    before = None
    while text != before:
        before, text = text, _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text
    return text.strip()


def is_forward(text: str) -> bool:
    """Does the subject say that this letter passes another one on?"""
    return _FORWARD.match(text) is not None


def kept(message: Message, hint: str) -> dict[str, list[str]]:
    """The headers that later steps look at, in lower case, decoded and cut."""
    found: dict[str, list[str]] = {}
    for key, raw in message.raw_items():
        name, value = key.lower(), str(raw)
        if name in _KEPT or name.startswith("x-helpdesk-"):
            values = found.setdefault(name[:80], [])
            if len(values) < 20:
                values.append(_kept_value(name, value, hint))
    return found


def _kept_value(name: str, value: str, hint: str) -> str:
    if name == "authentication-results":
        # Not decoded, not cut short: a sender may hide a semicolon in an encoded word, and add signatures by the dozen.
        return clean_line(value)[: 10 * MAX_KEPT_HEADER]
    return header_text(value, hint)[:MAX_KEPT_HEADER]
