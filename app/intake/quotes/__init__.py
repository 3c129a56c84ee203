"""What a reply says anew, and what it only repeats: one pass over lines, patterns that stay linear on any input.

Losing a customer's words is worse than showing a quote: in doubt everything stays.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from app.intake.quotes.closings import is_closing, is_dashes, is_link, is_tail
from app.intake.quotes.desk import FOOTER, MARKER, MARKER_EN, Desk, is_footer, is_marker
from app.intake.quotes.openings import announces, is_quoted, opening
from app.intake.quotes.pointers import send_inside

__all__ = ["FOOTER", "LONGEST", "MARKER", "MARKER_EN", "Desk", "cut"]

LONGEST = 1_000_000  # characters; a longer text is shown whole
SECONDS = 1.0  # the cut runs in the desk's own process: after a second it gives up, and everything stays
_FORWARD = re.compile(
    r"\W{0,20}(?:пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение"
    r"|начало переадресованного сообщения|пересылаемое письмо|пересланное письмо"
    r"|forwarded message|begin forwarded message)",
    re.IGNORECASE,
)
_LEADS = re.compile(r"(?:@|helpdesk|\d{1,2}:\d\d).*:\s*$", re.IGNORECASE)
_UNKNOWN = Desk()


def cut(text: str, desk: Desk = _UNKNOWN) -> tuple[str, str]:
    """The new words of a reply and the tail that repeats earlier letters; the two together are the text."""
    if len(text) > LONGEST:
        return text.strip(), ""
    lines = text.split("\n")
    at = _cut_at(lines, desk)
    new, tail = _without_tails(lines[:at], lines[at:])
    words = "\n".join(new).strip()
    is_marked = at < len(lines) and any(is_quoted(line) for line in lines[at : at + 12])
    if not words or (at < len(lines) and send_inside(new, is_marked=is_marked)):
        return text.strip(), ""
    return words, "\n".join(tail).strip("\n")


def _cut_at(lines: list[str], desk: Desk) -> int:
    ends_at = time.monotonic() + SECONDS
    for number, line in enumerate(lines):
        if not line:
            continue
        if number % 256 == 0 and time.monotonic() > ends_at:
            return len(lines)
        if _FORWARD.match(line):
            return len(lines)
        if is_marker(line):
            return len(lines) if _goes_on(lines[number + 1 :], desk) else _above_marker(lines, number)
        found = opening(lines, number, desk)
        if found:
            return len(lines) if _goes_on(lines[found.end :], desk) else found.start
    return _trailing_quote(lines)


def _goes_on(below: list[str], desk: Desk) -> bool:
    """Does the customer write on below the quote or inside it?"""
    filled = [line for line in below if line.strip()]
    is_marked = bool(filled) and is_quoted(filled[0])
    return (_own_after_marks(filled) if is_marked else _own_after_footer(below)) or desk.is_broken_into(below)


def _own_after_marks(filled: list[str]) -> bool:
    """Lines without `>` among those with it, but for links that a program broke out and a signature at the end."""
    last = max(number for number, line in enumerate(filled) if is_quoted(line))
    inside = any(not is_quoted(line) and not is_link(line) and not is_tail(line) for line in filled[:last])
    return inside or not is_closing(filled[last + 1 :])


def _own_after_footer(below: list[str]) -> bool:
    """Words under the last line of our letter, where the quote has no `>` that would tell."""
    ends = [number for number, line in enumerate(below) if is_footer(line)]
    if not ends:
        return False
    after = ends[-1]
    while after < len(below) and below[after].strip("> "):
        after += 1  # our last line, wrapped
    while after < len(below) and not below[after].strip("> "):
        after += 1
    is_chain = after < len(below) and announces(below, after)  # our letter, and earlier ones under it
    return not is_chain and not is_closing([line for line in below[after:] if not is_quoted(line)])


def _above_marker(lines: list[str], number: int) -> int:
    """Take the lines that lead to our marker with it: `>` lines, blank ones, an attribution of an unknown make."""
    while number and (not lines[number - 1].strip() or is_quoted(lines[number - 1])):
        number -= 1
    leads = number > 1 and _LEADS.search(lines[number - 1][:300])
    return number - 1 if leads else number


def _trailing_quote(lines: list[str]) -> int:
    """The block of `>` lines at the end, a signature below it taken along."""
    last = len(lines)
    while last and not is_quoted(lines[last - 1]):
        last -= 1
    if not last or not is_closing(lines[last:]):
        return len(lines)
    at = last
    while at and (not lines[at - 1].strip() or is_quoted(lines[at - 1])):
        at -= 1
    return at


def _without_tails(new: list[str], tail: list[str]) -> tuple[list[str], list[str]]:
    """Fold «Отправлено с iPhone» where the words end, and the dashes above it."""
    end = _end(new, len(new))
    found = end
    while found and is_tail(new[found - 1]):
        found = _end(new, found - 1)
        if found and is_dashes(new[found - 1]):
            found = _end(new, found - 1)
    return (new[:found], [*new[found:], *tail]) if found < end else (new, tail)


def _end(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end
