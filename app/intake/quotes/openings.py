"""Lines that announce a quote: attributions, separators and header blocks, as the mail programs write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.intake.quotes.desk import Desk

_WRAPPED = 4
_LONGEST = 500
_BLOCK = 30
_LOOKED_AT = 400

_DAY = (
    r"(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|сред[ауы]|четверг|пятниц[ауы]|суббот[ауы]|воскресенье"
    r"|mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
)
_LEAD = re.compile(
    rf"[\s>*]{{0,12}}(?:-{{2,8}}\s?)?(?:(?:во?|на|от|on|am|le|el|в письме от|включен[оа]?)\s)?\s?(?:\[?\d|{_DAY}\b)"
    r"|[\s>*]{0,12}(?:вы (?:на)?писали|в (?:письме|сообщении) от|you wrote|on\s|am\s|le\s|el\s)",
    re.IGNORECASE,
)
_WRITES = r"(?:написали|написала?|писали|писала?|пишет|пишут|wrote|writes|schrieb|a écrit|escribió)(?:\(а\)|\(-а\))?"
_NAMED = re.compile(
    rf"[\s>*]{{0,12}}(?:[^:.!?<]|\b\w\.){{2,80}}?(?:<[^<>\s]{{3,100}}>)?,?\s{_WRITES}(?!\w)", re.IGNORECASE
)
_QUOTING = re.compile(r"[\s>*]{0,12}(?:quoting|цитирую|цитирование|цитата)\b", re.IGNORECASE)
_VERB = re.compile(rf"\b{_WRITES}(?![\w(]).{{0,120}}$", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|\b\d{1,2}:\d{2}\b"
    r"|\d{1,2}\.?\s[^\W\d_]{3,10}\.?,?\s\d{4}|[^\W\d_]{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,\s\d{4}"
)
_END = re.compile(r"(?::|-{3,8})\*?\s*$")
_SENTENCE = re.compile(r"(?<!\bг)[.!?…]$")
_SEPARATOR = re.compile(
    r"[\s>*]{0,12}[-_=]{2,40}\s*(?:original message|reply message|(?:исходное|оригинальное|первоначальное)"
    r" (?:сообщение|письмо)|ursprüngliche nachricht|message d'origine)\s*[-_=]{2,40}\s*(?P<more>(?:от|from)\s?:.*)?$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"[\s*>]{0,12}(from|sent|to|cc|bcc|subject|date|reply-to|importance|attachments|when|von|gesendet|an|betreff|datum"
    r"|от|от кого|отправитель|отправлено|отправленные|отправлен|дата|когда|кому|получатель|получатели|копия|копии"
    r"|скрытая копия|тема|важность|вложения|вложение|ответить|приоритет)[\s\xa0]{0,2}\*?:\*?[\s\xa0]*(.*)$",
    re.IGNORECASE,
)
_FROM = frozenset(("from", "von", "от", "от кого", "отправитель"))
_LISTS = frozenset(("to", "cc", "an", "кому", "копия", "получатели"))
_TO_AND_SUBJECT = frozenset(("to", "cc", "subject", "кому", "копия", "тема"))
_RULE = re.compile(r"[\s>]{0,12}[_-]{8,}\s*$")
_QUOTED = re.compile(r"\s{0,8}[^\W\d_]{0,3}>")


@dataclass(frozen=True)
class Opening:
    """Lines `start` to `end` (not included) announce a quote. `is_sure`: no sentence of a person looks like this."""

    start: int
    end: int
    is_sure: bool


def is_quoted(line: str) -> bool:
    """Marked by `>`, with initials before it as The Bat! writes them."""
    return bool(_QUOTED.match(line))


def is_rule(line: str) -> bool:
    """A line drawn of dashes or underscores."""
    return bool(_RULE.match(line))


def opening(lines: Sequence[str], number: int, desk: Desk) -> Opening | None:
    """What announces a quote from this line on.

    Without `>` marks only our own correspondence counts: customers paste other people's letters, too.
    """
    end, is_sure = _announced(lines, number)
    if not end:
        return None
    below = [line for line in lines[end : end + 6] if line.strip()]
    is_marked = bool(below) and is_quoted(below[0])
    names_us = is_sure and desk.is_named("\n".join(lines[number:end]))
    if not (
        is_marked or names_us or _is_bare_separator(lines, number, end) or desk.wrote(lines[end : end + _LOOKED_AT])
    ):
        return None
    return Opening(_with_the_block_above(lines, number), end, is_sure)


def announces(lines: Sequence[str], number: int) -> bool:
    """Does a quote of anybody's letter begin here?"""
    return _announced(lines, number)[0] > 0


def _announced(lines: Sequence[str], number: int) -> tuple[int, bool]:
    """Where the announcement ends (0: there is none), and whether only a program writes so."""
    line = lines[number][:_LONGEST]
    if _SEPARATOR.match(line):
        return _after_separator(lines, number), True
    if _FIELD.match(line):
        return _header_block(lines, number), True
    if not (_begins(line) or ("<" in line and _END.search(line))):
        return 0, False
    parts: list[str] = []
    for part in lines[number : number + _WRAPPED]:
        parts.append(part[:_LONGEST].lstrip("> ").strip())
        joined = " ".join(parts)
        if len(joined) > _LONGEST or not parts[-1]:
            break
        if _END.search(joined):
            if not _attributes(joined) or any(_begins_anew(parts, at) for at in range(1, len(parts))):
                return 0, False
            return number + len(parts), _address(joined)
    return 0, False


def _begins(line: str) -> bool:
    return bool(_LEAD.match(line) or _NAMED.match(line) or _QUOTING.match(line))


def _begins_anew(parts: Sequence[str], at: int) -> bool:
    """Is the line above no part of the attribution, as a customer's «В 15:00 свободна.» right above it?"""
    rest = " ".join(parts[at:])
    is_whole = bool(_DATE.search(rest) or _SENTENCE.search(parts[at - 1]))
    return is_whole and _begins(parts[at]) and _attributes(rest)


def _attributes(joined: str) -> bool:
    has_date = bool(_DATE.search(joined))
    has_verb = bool(_VERB.search(joined[-200:]) or _QUOTING.match(joined))
    return (has_date and (has_verb or _address(joined))) or (has_verb and _address(joined))


def _address(joined: str) -> bool:
    return "@" in joined and bool(_ADDRESS.search(joined))


def _after_separator(lines: Sequence[str], number: int) -> int:
    after = number + 1
    while after < len(lines) and after < number + 4 and not lines[after].strip():
        after += 1
    block = _header_block(lines, after) if after < len(lines) and _FIELD.match(lines[after][:_LONGEST]) else 0
    return block or number + 1


def _is_bare_separator(lines: Sequence[str], number: int, end: int) -> bool:
    found = _SEPARATOR.match(lines[number][:_LONGEST])
    return end == number + 1 and found is not None and not found["more"]


def _header_block(lines: Sequence[str], number: int) -> int:
    """The line after a block of mail headers that begins here, single blank lines allowed; 0: it is none."""
    names: list[str] = []
    opens = False
    end = number
    for at in range(number, min(len(lines), number + _BLOCK)):
        line = lines[at][:_LONGEST]
        found = _FIELD.match(line)
        if found:
            opens = opens or (not names and found.group(1).lower() in _FROM and "@" in found.group(2))
            names.append(found.group(1).lower())
        elif at > end or (line.strip("> ") and not (names[-1] in _LISTS and _is_list(line))):
            break  # two blank lines, or words
        end = at + 1 if line.strip("> ") else end
    kinds = len(set(names))
    return end if kinds >= 3 or (kinds == 2 and opens) else 0


def _is_list(line: str) -> bool:
    """The next line of a long list of addresses, or of names."""
    return "@" in line or line.rstrip().endswith(";")


def _with_the_block_above(lines: Sequence[str], number: int) -> int:
    """Yandex puts a rule, «Кому:» and «Тема:» above its attribution, Outlook a rule above its headers."""
    at, fields = number, 0
    while at and number - at < 10:
        found = _FIELD.match(lines[at - 1][:_LONGEST])
        if found and found.group(1).lower() in _TO_AND_SUBJECT:
            fields += 1
        elif lines[at - 1].strip():
            break
        at -= 1
    if at and is_rule(lines[at - 1]):
        return at - 1
    return at if fields >= 2 else number
