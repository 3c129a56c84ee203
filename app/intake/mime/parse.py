"""From raw bytes to a ParsedLetter: the order of the steps, each in its own module."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from email.message import Message

from app.intake.mime import headers
from app.intake.mime.body import Body, pictures, read_body
from app.intake.mime.files import as_file
from app.intake.mime.letter import Mailbox, ParsedFile, ParsedLetter, Unreadable
from app.intake.mime.limits import MAX_ADDRESSES, check_boundary, check_headers, check_lines, header_block
from app.intake.mime.params import parameter
from app.intake.mime.parts import charset, content_type
from app.intake.mime.report import read_report
from app.intake.mime.sealed import opened_within_limits
from app.intake.mime.tree import parsed
from app.intake.mime.words import header_text

_MAX_ID = 250


def parse(raw: bytes) -> ParsedLetter:
    """Read a letter; raises Unreadable, final where a limit was passed."""
    check_headers(raw)
    check_lines(raw)
    check_boundary(raw, parameter(headers.raw_value(_header_of(raw), "content-type"), "boundary"))
    try:
        return _read(raw)
    except RecursionError as error:
        raise Unreadable("части вложены слишком глубоко", is_final=True) from error


def glance(raw: bytes) -> ParsedLetter:
    """Sender, subject and ids of a letter whose body is not looked at; works on whatever has a header at all."""
    message = _header_of(raw)
    return _letter(raw, message, charset(message), [], Body(), [])


def _read(raw: bytes) -> ParsedLetter:
    message = parsed(raw)
    kind = content_type(message)
    leaves = opened_within_limits(message)
    hint = next(filter(None, map(charset, [message, *leaves[:3]])), "")
    body = read_body(message, hint)
    taken: set[str] = set()
    files = [as_file(part, taken, hint) for part in body.files]
    shown = pictures(body.html)
    files = [replace(file, is_inline=True) if file.content_id in shown else file for file in files]
    return replace(_letter(raw, message, hint, leaves, body, files), content_type=kind)


def _header_of(raw: bytes) -> Message:
    return parsed(header_block(raw) + b"\r\n\r\n")


def _letter(
    raw: bytes, message: Message, hint: str, leaves: list[Message], body: Body, files: list[ParsedFile]
) -> ParsedLetter:
    sender = headers.sender(message, hint)
    subject = headers.subject(message, hint)
    own_id = next(iter(headers.ids(headers.raw_value(message, "message-id"))), "")
    return ParsedLetter(
        message_id=_stored_id(own_id) if own_id else f"{hashlib.sha256(raw).hexdigest()}@no-message-id",
        has_message_id=bool(own_id),
        from_email=sender.email,
        from_name=sender.name,
        subject=subject,
        text=body.text,
        html=body.html,
        body_hash=_body_hash(raw, leaves, body, files),
        date=header_text(headers.raw_value(message, "date"))[:100],
        in_reply_to=[_stored_id(i) for i in headers.ids(headers.raw_value(message, "in-reply-to"))],
        references=[_stored_id(i) for i in headers.ids(headers.raw_value(message, "references"))],
        to=headers.people(message, "to", hint)[:MAX_ADDRESSES],
        cc=headers.people(message, "cc", hint)[:MAX_ADDRESSES],
        reply_to=headers.people(message, "reply-to", hint)[:10],
        delivered_to=_delivered_to(message),
        headers=headers.kept(message, hint),
        content_type=content_type(message),
        part_types=[content_type(part) for part in leaves],
        report=read_report(message, leaves, body.text),
        files=files,
        marks=body.marks,
    )


def _delivered_to(message: Message) -> list[str]:
    found: list[Mailbox] = []
    for name in ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to"):
        found += headers.people(message, name, "")[:20]
    return list(dict.fromkeys(mailbox.email for mailbox in found))


def _stored_id(found: str) -> str:
    return found if len(found) <= _MAX_ID else f"{hashlib.sha256(found.encode()).hexdigest()}@long-message-id"


def _body_hash(raw: bytes, leaves: list[Message], body: Body, files: list[ParsedFile]) -> str:
    """Of what people would see, so that relays that re-encode or re-wrap a copy do not change it."""
    if not leaves:
        return hashlib.sha256(raw[len(header_block(raw)) :].replace(b"\r\n", b"\n").strip()).hexdigest()
    digest = hashlib.sha256()
    for words in (body.text, body.html):
        digest.update(" ".join(words.split()).encode("utf-8", "replace") + b"\0")
    for file in files:
        digest.update(hashlib.sha256(file.content).digest())
    return digest.hexdigest()
