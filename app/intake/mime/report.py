"""What a delivery report says (RFC 3464), also those that are only text, as Mail.ru writes them."""

from __future__ import annotations

import re
from email.message import Message

from app.intake.mime import parts
from app.intake.mime.addresses import addresses
from app.intake.mime.headers import ids, raw_value
from app.intake.mime.letter import Report
from app.intake.mime.params import parameter
from app.intake.mime.text import clean_text
from app.intake.mime.tree import children

_FIELD = re.compile(
    r"^[ \t>]*(message-id|action|status|final-recipient|original-recipient)[ \t]*:[ \t]*(\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_SCAN = 200_000


def read_report(message: Message, leaves: list[Message], text: str) -> Report:
    """Action, status, recipients and the ids of the letters reported on; empty fields where nothing is said."""
    kind = parameter(raw_value(message, "content-type"), "report-type").lower()
    found = _Fields()
    for part in leaves:
        part_kind = parts.content_type(part)
        if part_kind in ("message/delivery-status", "message/global-delivery-status", "message/feedback-report"):
            kind = kind or part_kind.removeprefix("message/")
            found.read(_plain(parts.content(part)))
        elif part_kind == "text/rfc822-headers":
            found.read(_plain(parts.content(part)))
        elif part_kind in ("message/rfc822", "message/global") and kind:
            found.returned(part)
    if not found.message_ids:
        found.read(text[:_SCAN])
    if not found.status:
        found.status = next(iter(_STATUS.findall(text[:_SCAN])), "")
    return Report(kind, found.action, found.status, found.recipients[:20], found.message_ids[:20])


def _plain(data: bytes) -> str:
    return clean_text(data[:_SCAN].decode("latin-1"))


class _Fields:
    def __init__(self) -> None:
        self.action = self.status = ""
        self.recipients: list[str] = []
        self.message_ids: list[str] = []

    def read(self, text: str) -> None:
        for name, value in _FIELD.findall(text):
            self._take(name.lower(), value.strip())

    def returned(self, part: Message) -> None:
        for inner in children(part)[:1]:
            self.message_ids += ids(raw_value(inner, "message-id"))

    def _take(self, name: str, value: str) -> None:
        if name == "message-id":
            self.message_ids += ids(value)[:1]
        elif name == "action":
            self.action = self.action or value.lower()[:20]
        elif name == "status":
            self.status = self.status or next(iter(_STATUS.findall(value)), "")
        else:
            self.recipients += [box.email for box in addresses(value.rpartition(";")[2])]
