"""Who wrote this letter: a human, a robot, a mail server, a mailing list, or we ourselves."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass

from app import signing
from app.intake.mime.letter import ParsedLetter
from app.models.words import LetterKind

LOOP_HEADER = "X-HelpDesk-Loop"
_BOUNCE_SUBJECT = re.compile(
    r"(undeliver|delivery (status notification|failure|has failed|incomplete)"
    r"|mail delivery (failed|system|failure)|returned mail"
    r"|failure notice|message (not delivered|undeliverable)|недоставлен|не доставлен|не удалось доставить"
    r"|(ваше |это )?(сообщение|письмо)[^:]{0,40} не (было )?доставлен)",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    r"(автоматический ответ|автоответ|automatic reply|auto(matic)? ?response|autoreply"
    r"|out of (the )?office|auto:|отсутствую"
    r"|вне офиса|нет на месте:)",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"(mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_NOREPLY = re.compile(r"(no[-_.]?reply[\w.-]*|do[-_.]?not[-_.]?reply|bounces?)([+-][^@]*)?@", re.IGNORECASE)
_SUPPRESS = re.compile(r"\b(all|oof|autoreply|dr)\b", re.IGNORECASE)
_PRECEDENCE = re.compile(r"\s*(bulk|junk|list|auto[_-]reply)\b", re.IGNORECASE)
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply-from", "x-loop")
_DMARC = re.compile(r";\s*dmarc\s*=\s*(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Classification:
    """The kind of a letter and every signal that spoke for it."""

    kind: LetterKind
    signals: list[str]

    @property
    def is_robot(self) -> bool:
        return self.kind is not LetterKind.HUMAN


def loop_mark(mailbox: str) -> str:
    """The value of our loop header: proves that a letter left from this desk."""
    return signing.short("loop", mailbox.lower())


def classify(
    letter: ParsedLetter, *, own: Collection[str], is_null_path: bool = False, is_known: bool = False
) -> Classification:
    """Order: own loop, bounce, auto, list, human. ``is_known``: a person or domain of a client, kept from demotion."""
    loop = _loop_signals(letter, own)
    bounce = _bounce_signals(letter, is_known=is_known)
    auto = _auto_signals(letter)
    listed = _list_signals(letter)
    if is_null_path or letter.header("return-path") == "<>":
        (bounce or auto).append("null-path")
    signals = [*loop, *bounce, *auto, *listed]
    if loop:
        kind = LetterKind.LOOP
    elif bounce:
        kind = LetterKind.BOUNCE
    elif auto:
        kind = LetterKind.AUTO
    elif listed and not is_known:
        kind = LetterKind.LIST
    else:
        kind = LetterKind.HUMAN
    return Classification(kind, signals)


def is_noreply(address: str) -> bool:
    """An address that says of itself that nobody reads answers."""
    return _NOREPLY.match(address) is not None


def dmarc(letter: ParsedLetter, authserv_id: str) -> str:
    """What our own mail server says of the sender (RFC 8601): pass, fail, none …; empty where it says nothing."""
    if not authserv_id:
        return ""
    for value in letter.headers.get("authentication-results", []):
        server = value.partition(";")[0].split()
        if server and server[0].lower() == authserv_id.lower():
            found = _DMARC.search(value)
            return found.group(1).lower() if found else ""
    return ""


def _loop_signals(letter: ParsedLetter, own: Collection[str]) -> list[str]:
    signals = []
    marks = letter.headers.get(LOOP_HEADER.lower(), [])
    if any(hmac.compare_digest(mark.encode(), loop_mark(box).encode()) for mark in marks for box in own):
        signals.append("own-loop-header")
    if signing.read_message_id(letter.message_id):
        signals.append("own-message-id")
    if letter.from_email.lower() in own:
        signals.append("from-own-mailbox")
    return signals


def _bounce_signals(letter: ParsedLetter, *, is_known: bool) -> list[str]:
    signals = []
    if letter.report.kind == "delivery-status" or "message/delivery-status" in letter.part_types:
        signals.append("delivery-status")
    if _DAEMON.match(letter.from_email):
        signals.append("from-mailer-daemon")
    if letter.header("x-failed-recipients"):
        signals.append("x-failed-recipients")
    if _BOUNCE_SUBJECT.match(letter.subject) and not is_known:
        signals.append("bounce-subject")
    return signals


def _auto_signals(letter: ParsedLetter) -> list[str]:
    signals = []
    submitted = letter.header("auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        signals.append(f"auto-submitted: {submitted[:40]}")
    if _SUPPRESS.search(letter.header("x-auto-response-suppress")):
        signals.append("x-auto-response-suppress")
    precedence = _PRECEDENCE.match(letter.header("precedence"))
    if precedence and precedence.group(1).lower() not in ("bulk", "list"):
        signals.append(f"precedence: {precedence.group(1).lower()}")
    signals += [name for name in _AUTO_HEADERS if letter.header(name)]
    if letter.report.kind in ("feedback-report", "disposition-notification"):
        signals.append(letter.report.kind)
    if letter.content_type == "text/calendar" or ("text/calendar" in letter.part_types and not letter.text.strip()):
        signals.append("calendar")
    if _AUTO_SUBJECT.match(letter.subject_plain) or _AUTO_SUBJECT.match(letter.subject):
        signals.append("auto-subject")
    return signals


def _list_signals(letter: ParsedLetter) -> list[str]:
    signals = [name for name in ("list-id", "list-unsubscribe") if letter.header(name)]
    precedence = _PRECEDENCE.match(letter.header("precedence"))
    if precedence and precedence.group(1).lower() in ("bulk", "list"):
        signals.append(f"precedence: {precedence.group(1).lower()}")
    return signals
