"""Signatures derived from SECRET_KEY, one key a purpose: links of customers, Message-IDs, reply addresses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from app.config import settings
from app.rows import typed_id

LOOP_HEADER = "X-HelpDesk-Loop"
_MESSAGE_ID = re.compile(r"<?t([0-9]{6,12})\.a([0-9]+)\.([0-9a-f]{16})@")
_ROOT_ID = re.compile(r"<?ticket-([0-9]{6,12})\.([0-9a-f]{16})@")
_REPLY_ADDRESS = re.compile(r"\+([0-9]{6,12})\.([0-9a-f]{16})@")
_COMPLAINT_ID = re.compile(r"<?c([0-9]{1,10})\.([0-9a-f]{12})\.([0-9a-f]{16})@")
_COMPLAINT_ADDRESS = re.compile(r"\+c([0-9]{1,10})\.([0-9a-f]{16})@")
_COMPLAINT_TAG = re.compile(r"\[C-([0-9]{1,10})\.([0-9a-f]{16})\]", re.IGNORECASE)
_BOUNCE_ADDRESS = re.compile(r"\+b([0-9]{1,18})\.([0-9a-f]{16})@")


def sign(purpose: str, text: str) -> bytes:
    """A 32-byte signature that is worth nothing for any other purpose."""
    key = hmac.digest(settings().secret_key.encode(), purpose.encode(), hashlib.sha256)
    return hmac.digest(key, text.encode(), hashlib.sha256)


def short(purpose: str, text: str) -> str:
    """64 bits in hex: enough where a wrong guess costs a letter each."""
    return sign(purpose, text)[:8].hex()


def link_token(number: str, link_version: int) -> str:
    """The secret part of a customer's address ``/r/<token>``; raising the version revokes it."""
    signature = base64.urlsafe_b64encode(sign("link", f"{number}:{link_version}")[:18]).decode()
    return f"{number}.{signature}"


def number_in_token(token: str) -> str:
    """The number that a token claims; the caller compares the whole token in constant time."""
    return token.partition(".")[0]


def is_link_token(token: str, number: str, link_version: int) -> bool:
    return hmac.compare_digest(token.encode(), link_token(number, link_version).encode())


def rating_token(number: str, link_version: int) -> str:
    """The secret part of ``/rating/<token>``: it rates this request, and opens nothing of it."""
    signature = base64.urlsafe_b64encode(sign("rating", f"{number}:{link_version}")[:18]).decode()
    return f"{number}.{signature}"


def is_rating_token(token: str, number: str, link_version: int) -> bool:
    return hmac.compare_digest(token.encode(), rating_token(number, link_version).encode())


def message_id(number: str, serial: int | str) -> str:
    """A Message-ID that proves, when it comes back in a reply, that the writer had our letter."""
    signature = short("message-id", f"{number}:{serial}")
    return f"<t{number}.a{serial}.{signature}@{settings().mail_domain}>"


def complaint_token(complaint_id: int) -> str:
    """The secret part of ``/head/<token>``: the customer's page of a complaint, and of nothing else."""
    signature = base64.urlsafe_b64encode(sign("complaint-link", str(complaint_id))[:18]).decode()
    return f"{complaint_id}.{signature}"


def read_complaint_token(token: str) -> int | None:
    """The complaint of a link of ours, or None."""
    claimed = typed_id(token.partition(".")[0])
    if claimed is None or not hmac.compare_digest(token.encode(), complaint_token(claimed).encode()):
        return None
    return claimed


def complaint_message_id(complaint_id: int, serial: str) -> str:
    """A Message-ID by which an answer finds the complaint; ``serial``: 12 hex digits."""
    return f"<c{complaint_id}.{serial}.{short('complaint-id', f'{complaint_id}:{serial}')}@{settings().mail_domain}>"


def complaint_address(complaint_id: int) -> str:
    """``info+c17.<16 hex>@host``: where answers about a complaint go, where the mailbox knows plus-addresses."""
    local, _, host = settings().mail_default_sender.partition("@")
    return f"{local}+c{complaint_id}.{short('complaint-address', str(complaint_id))}@{host}"


def complaint_tag(complaint_id: int) -> str:
    """``[C-17.<16 hex>]`` at the end of a subject: what mail programs keep when they lose everything else."""
    return f"[C-{complaint_id}.{short('complaint-tag', str(complaint_id))}]"


def read_complaint(value: str) -> int | None:
    """The complaint that a Message-ID, an address or a subject of ours belongs to, or None."""
    if found := _COMPLAINT_ID.match(value):
        claimed, serial, signature = found.groups()
        return _proven(claimed, signature, short("complaint-id", f"{claimed}:{serial}"))
    for form, purpose in ((_COMPLAINT_ADDRESS, "complaint-address"), (_COMPLAINT_TAG, "complaint-tag")):
        if found := form.search(value):
            claimed, signature = found.groups()
            return _proven(claimed, signature.lower(), short(purpose, claimed))
    return None


def _proven(claimed: str, given: str, signature: str) -> int | None:
    return typed_id(claimed) if hmac.compare_digest(given, signature) else None


def standalone_id(serial: str) -> str:
    """A Message-ID for a letter that belongs to no request."""
    return f"<s.{serial}@{settings().mail_domain}>"


def root_id(number: str) -> str:
    """The thread's root: the first of every References, so that mail programs keep one thread."""
    return f"<ticket-{number}.{short('root-id', number)}@{settings().mail_domain}>"


def read_message_id(value: str) -> str | None:
    """The number in a Message-ID of ours, or None when it is not ours or the signature is wrong."""
    if found := _MESSAGE_ID.match(value):
        number, serial, signature = found.groups()
        return number if hmac.compare_digest(signature, short("message-id", f"{number}:{serial}")) else None
    if found := _ROOT_ID.match(value):
        number, signature = found.groups()
        return number if hmac.compare_digest(signature, short("root-id", number)) else None
    return None


def reply_address(number: str) -> str:
    """``info+482173.<16 hex>@host``: a secret address of one request."""
    local, _, host = settings().mail_default_sender.partition("@")
    return f"{local}+{number}.{short('reply-address', number)}@{host}"


def read_reply_address(address: str) -> str | None:
    """The number in a reply address of ours, or None."""
    found = _REPLY_ADDRESS.search(address)
    if not found:
        return None
    number, signature = found.groups()
    return number if hmac.compare_digest(signature, short("reply-address", number)) else None


def bounce_address(delivery_id: int) -> str:
    """``bounce+b17.<16 hex>@host``: the envelope sender of one letter to one recipient, to which its bounce goes.

    Read by IMAP, the mailbox is one, so that the address is a plus-address of it: ``info+b17.…``.
    """
    local, _, host = settings().mail_default_sender.partition("@")
    mailbox = local if settings().imap_url else "bounce"
    return f"{mailbox}+b{delivery_id}.{short('bounce-address', str(delivery_id))}@{host}"


def read_bounce_address(address: str) -> int | None:
    """The delivery whose envelope sender this is, or None."""
    found = _BOUNCE_ADDRESS.search(address.lower())
    if not found:
        return None
    delivery_id, signature = found.groups()
    is_ours = hmac.compare_digest(signature, short("bounce-address", delivery_id))
    return int(delivery_id) if is_ours else None


def loop_mark(mailbox: str) -> str:
    """The value of LOOP_HEADER: proves that a letter left from this desk."""
    return short("loop", mailbox.lower())


def looks_like_ours(value: str) -> bool:
    """Whether a Message-ID or an address has the form of ours, whatever its signature."""
    return any(form.search(value) for form in (_MESSAGE_ID, _ROOT_ID, _REPLY_ADDRESS))
