"""Cells of a CSV file, read: each parser turns one text into its type, or raises ValueError saying what it must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app import durations
from app.config import settings
from app.environment import ADDRESS
from app.intake.mime.text import clean_line
from app.translate import _

Parser = Callable[[str], Any]
_YES, _NO = frozenset({"да", "yes", "1", "+"}), frozenset({"нет", "no", "0", "-"})


def address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError(_("%(typed)r: это не адрес e-mail", typed=text))
    return text.lower()


def domains(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").split()


def line(most: int) -> Parser:
    """One line, cut by nobody: what the database has no room for is refused."""

    def parse(text: str) -> str:
        words = clean_line(text)
        if len(words) > most:
            raise ValueError(_("длиннее %(most)s знаков", most=most))
        return words

    return parse


name = line(200)


def flag(text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise ValueError(_("%(typed)r: пишите да или нет", typed=text))
    return word in _YES


def day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise ValueError(_("%(typed)r: это не день, пишите 25.11.2026 или 2026-11-25", typed=text))


def moment(text: str) -> datetime:
    """With an offset, or by the clock of the desk's zone."""
    for form in ("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=settings().time_zone)
        except ValueError:
            continue
    return durations.parse_moment(text)


def one_of(kind: type[StrEnum]) -> Parser:
    def parse(text: str) -> StrEnum:
        if text not in {member.value for member in kind}:
            raise ValueError(_("%(typed)r: бывает только %(words)s", typed=text, words=", ".join(kind)))
        return kind(text)

    return parse
