"""Who wrote this letter: a human, a robot, a mail server, a mailing list, or we ourselves."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass

from app import signing
from app.address_lists import without_plus
from app.intake import subjects
from app.intake.mime.letter import ParsedLetter
from app.intake.senders import FORM
from app.models.words import LetterKind

_DAEMON = re.compile(r"(mailer-daemon|postmaster|mail-daemon|microsoftexchange[0-9a-f]{32})@", re.IGNORECASE)
_NOREPLY = re.compile(r"(no[-_.]?reply[\w.-]*|do[-_.]?not[-_.]?reply|bounces?)([+-][^@]*)?@", re.IGNORECASE)
_SUPPRESS = re.compile(r"\b(all|oof|autoreply|dr)\b", re.IGNORECASE)
_PRECEDENCE = re.compile(r"\s*(bulk|junk|list|auto[_-]reply)\b", re.IGNORECASE)
_CALENDAR_ANSWER = re.compile(rb"^METHOD:(REPLY|DECLINECOUNTER|REFRESH)\s*$", re.MULTILINE | re.IGNORECASE)
_CALENDAR_START = 20_000
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply-from", "x-loop")


@dataclass(frozen=True)
class Classification:
    """The kind of a letter and every signal that spoke for it."""

    kind: LetterKind
    signals: list[str]


def classify(
    letter: ParsedLetter, *, own: Collection[str], is_null_path: bool = False, is_known: bool = False
) -> Classification:
    """Order: own loop, bounce, auto, list, human. ``is_known``: a person or domain of a client, kept from demotion."""
    loop = _loop_signals(letter, own)
    is_null_path = is_null_path or letter.header("return-path") == "<>"
    bounce = _bounce_signals(letter, is_known=is_known)
    auto = _auto_signals(letter)
    listed = _list_signals(letter)
    if is_null_path and any(map(signing.read_message_id, letter.report.message_ids)):
        bounce.append("returned-message-id")  # Mail.ru's reports are plain text with the header of our letter in it
    if is_null_path:
        (bounce or auto).append("null-path")
    forms = [f"{FORM}: {form}" for form in letter.headers.get(FORM, [])]
    signals = [*loop, *bounce, *auto, *listed, *forms]
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


def _loop_signals(letter: ParsedLetter, own: Collection[str]) -> list[str]:
    signals = []
    marks = letter.headers.get(signing.LOOP_HEADER.lower(), [])
    if any(hmac.compare_digest(mark.encode(), signing.loop_mark(box).encode()) for mark in marks for box in own):
        signals.append("own-loop-header")
    if signing.read_message_id(letter.message_id):
        signals.append("own-message-id")
    if without_plus(letter.from_email) in own:
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
    if subjects.is_bounce(letter, is_known=is_known):
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
    if _is_calendars(letter):
        signals.append("calendar")
    if subjects.is_automatic(letter):
        signals.append("auto-subject")
    return signals


def _is_calendars(letter: ParsedLetter) -> bool:
    """An invitation with words is a letter; one without any, and an answer to one, is the calendar's own."""
    if "text/calendar" not in letter.part_types:
        return False
    answers = (
        _CALENDAR_ANSWER.search(file.content[:_CALENDAR_START])
        for file in letter.files
        if file.content_type == "text/calendar"
    )
    return not letter.text.strip() or any(answers)


def _list_signals(letter: ParsedLetter) -> list[str]:
    signals = [name for name in ("list-id", "list-unsubscribe") if letter.header(name)]
    precedence = _PRECEDENCE.match(letter.header("precedence"))
    if precedence and precedence.group(1).lower() in ("bulk", "list"):
        signals.append(f"precedence: {precedence.group(1).lower()}")
    return signals
