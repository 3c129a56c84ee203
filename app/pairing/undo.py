"""The way out that stands in the letter about a new chat: a signed address, good for that one tie while it lasts."""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import datetime

from app import signing
from app.config import settings
from app.extensions import db
from app.models.chat import Chat

_HEAD, _SIGNATURE = 8 + 6 + 8, 16  # bytes


def undo_link(chat_id: int, person_id: int, paired_at: datetime) -> str:
    """A page of the desk with the button «Отключить»."""
    return f"{settings().public_url}/pairing/{undo_token(chat_id, person_id, paired_at)}"


def undo_token(chat_id: int, person_id: int, paired_at: datetime) -> str:
    head = chat_id.to_bytes(8, signed=True) + person_id.to_bytes(6) + _microseconds(paired_at).to_bytes(8)
    return base64.urlsafe_b64encode(head + _signature(head)).rstrip(b"=").decode()


def chat_to_undo(token: str) -> Chat | None:
    """The chat whose tie this token undoes; None: forged, or undone already."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    head = raw[:_HEAD]
    if len(raw) != _HEAD + _SIGNATURE or not hmac.compare_digest(raw[_HEAD:], _signature(head)):
        return None
    chat = db.session.get(Chat, int.from_bytes(head[:8], signed=True))
    if chat is None or chat.paired_at is None or chat.person_id is None:
        return None
    return chat if undo_token(chat.id, chat.person_id, chat.paired_at) == token else None


def _signature(head: bytes) -> bytes:
    return signing.sign("telegram-undo", head.hex())[:_SIGNATURE]


def _microseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond
