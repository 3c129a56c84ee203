"""Who else is before a request, in words: in the row of the list, and over the answer that one writes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app import presence
from app.extensions import db
from app.models.staff import Staff
from app.presence import Doing
from app.reading.reader import Reader
from app.translate import _


@dataclass(frozen=True)
class Others:
    """``typing``: who writes, in a sentence, empty where nobody does; ``viewing``: surnames of who only looks."""

    typing: str
    viewing: str


def of_rows(reader: Reader) -> dict[str, str]:
    """Number to what stands in the row's cell instead of the engineer: only where a colleague writes."""
    writing = [one for one in _others(reader) if one.doing is Doing.TYPING]
    names = _names([one.staff_id for one in writing])
    return {
        one.number: _("%(who)s отвечает", who=names[one.staff_id].surname) for one in writing if one.staff_id in names
    }


def of_request(number: str, reader: Reader) -> Others:
    """Everybody else before one request."""
    here = [one for one in _others(reader) if one.number == number]
    names = _names([one.staff_id for one in here])
    writing = next((one for one in here if one.doing is Doing.TYPING and one.staff_id in names), None)
    sentence = ""
    if writing is not None:
        who, since = names[writing.staff_id].name, reader.amount(writing.since, reader.at)
        sentence = _("%(who)s пишет ответ, уже %(since)s. Ваш черновик сохранён.", who=who, since=since)
    looking = [names[one.staff_id].surname for one in here if one is not writing and one.staff_id in names]
    return Others(sentence, ", ".join(dict.fromkeys(looking)))


def _others(reader: Reader) -> list[presence.Here]:
    return [one for one in presence.everyone(reader.at) if one.staff_id != reader.staff_id]


def _names(ids: list[int]) -> dict[int, Staff]:
    if not ids:
        return {}
    return {one.id: one for one in db.session.scalars(select(Staff).where(Staff.id.in_(ids)))}
