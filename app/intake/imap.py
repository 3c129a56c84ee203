"""The mailbox reader: every letter by its UID, committed before it is marked as seen, however it was read before."""

from __future__ import annotations

import hashlib
import logging
import ssl
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError
from sqlalchemy.exc import IntegrityError

from app import clock, escalations, failpoint, outbox
from app.config import settings
from app.extensions import db
from app.intake.letterbox import Gathering, Incoming, letter_limit
from app.intake.mime.limits import MAX_HEADER_BYTES
from app.models.letter import Mailbox

log = logging.getLogger(__name__)

_CHUNK = 1 << 20
_TIMEOUT = SocketTimeout(connect=15, read=60)
MOST_TRIES = 5  # at one letter; a server that cannot hand it out may break the connection, as a bad line does
_failures: Counter[tuple[str, int, int]] = Counter()  # by mailbox, UIDVALIDITY and UID


@dataclass(frozen=True)
class Address:
    """Where a mailbox is; ``name`` is what rows and messages call it, without the password."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    is_tls: bool

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}/{self.folder}"[:190]

    @classmethod
    def parse(cls, url: str) -> Address:
        """``imaps://user:password@host:993/INBOX``; ``imap://`` is without TLS, for a server on this machine."""
        parts = urlsplit(url)
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
            raise ValueError("IMAP_URL must look like imaps://user:password@host:993/INBOX")
        is_tls = parts.scheme == "imaps"
        return cls(
            host=parts.hostname,
            port=parts.port or (993 if is_tls else 143),
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            is_tls=is_tls,
        )


def connected(address: Address) -> IMAPClient:
    """A signed-in client; a certificate that cannot be verified is refused before the password is sent."""
    context = ssl.create_default_context() if address.is_tls else None
    client = IMAPClient(address.host, address.port, ssl=address.is_tls, ssl_context=context, timeout=_TIMEOUT)
    client.normalise_times = False
    client.login(address.user, address.password)
    return client


def read(client: IMAPClient, address: Address) -> int:
    """One full reading of a selected-to-be folder; the mailbox's row says when it began, if it came to its end."""
    began = clock.now()
    validity = int(client.select_folder(address.folder)[b"UIDVALIDITY"])
    last = _watermark(address, validity)
    found = [uid for uid in client.search([b"UID", f"{last + 1}:*"]) if uid > last]
    for uid in sorted(found):
        _fetch(client, address, validity, uid)
    _note(address, reading_began_at=began, error="")
    return len(found)


def _fetch(client: IMAPClient, address: Address, validity: int, uid: int) -> None:
    facts = client.fetch([uid], [b"RFC822.SIZE", b"INTERNALDATE"]).get(uid)
    if facts is not None:  # else somebody deleted it meanwhile
        size, received_at = int(facts[b"RFC822.SIZE"]), min(facts[b"INTERNALDATE"].astimezone(UTC), clock.now())
        gathering = _tried(client, address, validity, uid, size)
        failpoint.reach("imap fetched")
        _keep(address, validity, uid, size, gathering, received_at)
        failpoint.reach("imap committed")
        if gathering:
            client.add_flags([uid], [b"\\Seen"], silent=True)
            _move(client, uid)


def _move(client: IMAPClient, uid: int) -> None:
    """Out of the way, where IMAP_MOVE_TO says so; what cannot be moved stays, and is ours all the same."""
    folder = settings().imap_move_to
    if not folder:
        return
    try:
        if not client.folder_exists(folder):
            client.create_folder(folder)
        client.move([uid], folder)
    except IMAPClientError as error:
        log.warning("a letter cannot be moved to %s: %s", folder, error)


def _tried(client: IMAPClient, address: Address, validity: int, uid: int, size: int) -> Gathering | None:
    """The letter's bytes; None once it was asked for often enough, so that those behind it come through."""
    place = (address.name, validity, uid)
    if _failures[place] >= MOST_TRIES:
        return None
    try:
        gathering = _gather(client, uid, size)
    except (IMAPClient.Error, OSError):
        _failures[place] += 1
        raise
    del _failures[place]
    return gathering


def _gather(client: IMAPClient, uid: int, size: int) -> Gathering:
    """The letter's bytes, without marking it; a large one piece by piece, so that it never fills the memory.

    Of one over the limit only the header is asked for.
    """
    gathering = Gathering(letter_limit())
    if size > letter_limit():
        answer = client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{MAX_HEADER_BYTES}>"])[uid]
        gathering.add(_body(answer))
        gathering.size = size
        return gathering
    if size <= _CHUNK:
        gathering.add(_body(client.fetch([uid], [b"BODY.PEEK[]"])[uid]))
        return gathering
    while gathering.size < size:
        piece = _body(client.fetch([uid], [f"BODY.PEEK[]<{gathering.size}.{_CHUNK}>"])[uid])
        if not piece:
            break
        gathering.add(piece)
    return gathering


def _body(answer: dict[bytes, Any]) -> bytes:
    return next((value or b"" for key, value in answer.items() if key.startswith(b"BODY[")), b"")


def _keep(
    address: Address, validity: int, uid: int, size: int, gathering: Gathering | None, received_at: datetime
) -> None:
    """Commit the letter together with the watermark; one that another reader has committed is not a new one.

    Without a gathering there is a row all the same, which says where the letter lies.
    """
    where = f"{address.name}, UIDVALIDITY {validity}, UID {uid}\r\n".encode()
    letter = Incoming(
        road="imap",
        raw=gathering.raw if gathering else where,
        sha256=gathering.sha256 if gathering else hashlib.sha256(where).hexdigest(),
        size=gathering.size if gathering else size,
        is_unfetchable=gathering is None,
        received_at=received_at,
        mailbox=address.name,
        uid_validity=validity,
        uid=uid,
    )
    with outbox.transaction():
        try:
            with db.session.begin_nested():
                db.session.add(letter.row())
        except IntegrityError:
            log.info("%s: letter %s was read by another process", address.name, uid)
        mailbox = db.session.get_one(Mailbox, address.name)
        if mailbox.uid_validity == validity:
            mailbox.last_uid = max(mailbox.last_uid, uid)
        outbox.ring(outbox.INBOX)


def _watermark(address: Address, validity: int) -> int:
    """The last UID that was committed; 0 for a mailbox that is new or whose UIDs were given anew."""
    with outbox.transaction():
        mailbox = db.session.get(Mailbox, address.name)
        if mailbox is None:
            mailbox = Mailbox(name=address.name, uid_validity=validity, last_uid=0, error="")
            db.session.add(mailbox)
        elif mailbox.uid_validity != validity:
            mailbox.uid_validity, mailbox.last_uid = validity, 0
        return mailbox.last_uid


def _note(address: Address, **values: object) -> None:
    with outbox.transaction():
        mailbox = db.session.get(Mailbox, address.name)
        for name, value in values.items():
            setattr(mailbox, name, value)
        if not values["error"]:
            escalations.settle_system(address.name, clock.now())
