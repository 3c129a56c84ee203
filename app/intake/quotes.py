"""What a reply says anew, and what it only repeats: one pass over lines, patterns that stay linear on any input.

Losing a customer's words is worse than showing a quote: in doubt everything stays.
"""

from __future__ import annotations

import re

MARKER = "Ответьте выше этой строки"
MARKER_EN = "Reply above this line"

_QUOTED = re.compile(r"\s{0,8}(?:[A-Za-zА-Яа-яЁё]{0,3}>)")
_LEAD = re.compile(
    r"\s{0,4}(?:>\s?)*(?:\d|(?:пн|вт|ср|чт|пт|сб|вс)\b|(?:понедельник|вторник|сред|четверг|пятниц|суббот|воскресень)"
    r"|on\s|am\s|le\s|el\s|вы писали|\[?\d)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}\.?\s[^\W\d_]{3,10}\.?,?\s\d{4}|\b\d{1,2}:\d{2}\b"
)
_DATE_US = re.compile(r"[^\W\d_]{3,10}\.?\s\d{1,2},\s\d{4}")
_VERB = re.compile(
    r"(?:написала?(?:\(а\))?|писала?(?:\(а\))?|пишет|wrote|writes|schrieb|a écrit|escribió)\b[^:]{0,120}:$",
    re.IGNORECASE,
)
_YOU_WROTE = re.compile(r"(?:вы писали|you wrote)\b.{0,120}\d{4}.{0,40}:$", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s{0,4}(?:>\s?)*-{2,}\s*"
    r"(?:original message|исходное сообщение|ursprüngliche nachricht|message d'origine)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"\W{0,20}(?:пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение"
    r"|начало переадресованного сообщения"
    r"|forwarded message|begin forwarded message)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"[\s*>]{0,8}(from|sent|to|cc|subject|date|от|от кого|отправлено|дата|кому|копия|тема)"
    r"[\s\xa0]{0,2}\*?:\*?[\s\xa0]*(.*)$",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s{0,4}[_-]{10,}\s*$")
_PHONE_TAIL = re.compile(
    r"(?:--\s*)?(?:отправлено (?:с|из) "
    r"(?:моего |устройства |мобильн|iphone|ipad|почты|outlook|яндекс|mail\.ru|android|samsung|galaxy)"
    r"|sent from (?:my|mail|outlook|yahoo)|get outlook for)[^\n]{0,80}$",
    re.IGNORECASE,
)
_WRAPPED = 4


def cut(text: str) -> tuple[str, str]:
    """The new words of a reply and the tail that repeats earlier letters; the two together are the text."""
    lines = text.split("\n")
    at = _cut_at(lines)
    new, tail = _without_phone_tail(lines[:at], lines[at:])
    words = "\n".join(new).strip()
    if not words:
        return text.strip(), ""
    return words, "\n".join(tail).strip("\n")


def _cut_at(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if _FORWARD.match(line):
            return len(lines)
        length = _opening(lines, number)
        if length:
            start = number - 1 if number and _RULE.match(lines[number - 1]) else number
            return len(lines) if _goes_on_below(lines, number + length) else start
        if MARKER in line or MARKER_EN in line:
            return len(lines) if _goes_on_below(lines, number) else _above_marker(lines, number)
    return _trailing_quote(lines)


def _opening(lines: list[str], number: int) -> int:
    """How many lines from here on announce a quote: an attribution, a separator, a block of headers; 0: none."""
    line = lines[number]
    if _SEPARATOR.match(line):
        return 1
    if _FIELD.match(line):
        return _header_block(lines, number)
    if not _LEAD.match(line) and not (line.rstrip().endswith(":") and "<" in line):
        return 0
    joined = ""
    for length, part in enumerate(lines[number : number + _WRAPPED], start=1):
        joined = f"{joined} {part.lstrip('> ').strip()}".strip()
        if len(joined) > 500 or not part.strip():
            return 0
        if joined.endswith(":") and _is_attribution(joined):
            return length
    return 0


def _is_attribution(line: str) -> bool:
    if _YOU_WROTE.match(line):
        return True
    has_date = bool(_DATE.search(line) or _DATE_US.search(line))
    has_address = "@" in line and bool(_ADDRESS.search(line))
    has_verb = bool(_VERB.search(line[-200:]))
    return (has_date and (has_address or has_verb)) or (has_address and has_verb)


def _header_block(lines: list[str], number: int) -> int:
    names: set[str] = set()
    first = _FIELD.match(lines[number])
    length = 0
    for line in lines[number : number + 10]:
        found = _FIELD.match(line)
        if not found:
            break
        names.add(found.group(1).lower())
        length += 1
    opens = first is not None and first.group(1).lower() in ("from", "от", "от кого") and "@" in first.group(2)
    return length if len(names) >= 3 or (len(names) == 2 and opens) else 0


def _goes_on_below(lines: list[str], number: int) -> bool:
    """Is the quote marked by `>`, and does the customer write on below or between it?"""
    filled = [line for line in lines[number:] if line.strip()]
    if not filled or not _QUOTED.match(filled[0]):
        return False
    own = [line for line in filled if not _QUOTED.match(line)]
    return any(not _PHONE_TAIL.match(line.strip()) for line in own)


def _above_marker(lines: list[str], number: int) -> int:
    """Take the lines that lead to our marker with it: `>` lines and blank ones."""
    while number and (not lines[number - 1].strip() or _QUOTED.match(lines[number - 1])):
        number -= 1
    return number


def _trailing_quote(lines: list[str]) -> int:
    at = len(lines)
    while at and (not lines[at - 1].strip() or _QUOTED.match(lines[at - 1])):
        at -= 1
    return at if any(_QUOTED.match(line) for line in lines[at:]) else len(lines)


def _without_phone_tail(new: list[str], tail: list[str]) -> tuple[list[str], list[str]]:
    end = len(new)
    while end and not new[end - 1].strip():
        end -= 1
    if end and _PHONE_TAIL.match(new[end - 1].strip()):
        return new[: end - 1], [*new[end - 1 :], *tail]
    return new, tail
