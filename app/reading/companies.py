"""Client companies: the list with contract, people and open requests, and the card of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from app import clients
from app.errors import NotFound
from app.extensions import db
from app.models.company import Company, CompanyDomain, Contract, name_key
from app.models.person import Person
from app.models.ticket import Ticket
from app.reading.calendars import shown_day
from app.reading.reader import Reader
from app.translate import _

PAGE = 50
_SOON = timedelta(days=30)
Agreed = tuple[str, date, date | None]


@dataclass(frozen=True, slots=True)
class Term:
    """How a contract stands on a day. ``tone``: "" (in force), soon (ends within 30 days), late, calm (to come)."""

    number: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    name: str
    term: Term | None
    people: int
    open: int
    has_notes: bool


@dataclass(frozen=True, slots=True)
class Page:
    """``next``: the id to go on after, or nothing."""

    rows: list[Row]
    next: int | None
    total: int


def page(query: str, after: int | None, reader: Reader, *, archived: bool) -> Page:
    """Companies by name, found by any part of the name, the number of a contract or a mail domain."""
    wanted = _wanted(query, archived=archived)
    total = db.session.scalar(select(func.count()).select_from(Company).where(*wanted)) or 0
    shown = select(Company.id, Company.name, Company.notes).where(*wanted)
    if after is not None:
        last = select(Company.name_key, Company.id).where(Company.id == after)
        if (edge := db.session.execute(last).first()) is not None:
            shown = shown.where(tuple_(Company.name_key, Company.id) > tuple_(*edge))
    found = db.session.execute(shown.order_by(Company.name_key, Company.id).limit(PAGE + 1)).all()
    ids = [row.id for row in found[:PAGE]]
    people, opened, agreed = _people(ids), _open(ids), _agreed(ids)
    today = reader.at.astimezone(reader.zone).date()
    rows = [
        Row(row.id, row.name, term_of(agreed.get(row.id, []), today), people.get(row.id, 0), opened.get(row.id, 0),
            bool(row.notes))
        for row in found[:PAGE]
    ]  # fmt: skip
    return Page(rows, ids[-1] if len(found) > PAGE else None, total)


def found(company_id: int) -> Company:
    """The company with its parts; raises NotFound."""
    company = clients.with_parts(company_id)
    if company is None:
        raise NotFound("Такой компании нет. Вернитесь к списку.")
    return company


def term_of(contracts: Sequence[Agreed], today: date) -> Term | None:
    """The contract to show of (number, from, to): the one in force, else the coming one, else the last."""
    in_force = [one for one in contracts if one[1] <= today and (one[2] is None or today <= one[2])]
    coming = [one for one in contracts if one[1] > today]
    if in_force:
        number, _start, end = max(in_force, key=lambda one: one[1])
        if end is None:
            return Term(number, _("без срока"), "")
        return Term(number, _("до %(day)s", day=shown_day(end)), "soon" if end - today < _SOON and not coming else "")
    if coming:
        number, start, _end = min(coming, key=lambda one: one[1])
        return Term(number, _("с %(day)s", day=shown_day(start)), "calm")
    if not contracts:
        return None
    number, _start, end = max(contracts, key=lambda one: one[2] or one[1])
    return Term(number, _("кончился %(day)s", day=shown_day(end)) if end else "", "late")


def _wanted(query: str, *, archived: bool) -> list[ColumnElement[bool]]:
    is_archived = Company.archived_at.is_not(None) if archived else Company.archived_at.is_(None)
    wanted: list[ColumnElement[bool]] = [is_archived, Company.merged_into_id.is_(None)]
    if words := query.strip():
        by_number = select(Contract.company_id).where(Contract.number.contains(words, autoescape=True))
        found: list[ColumnElement[bool]] = [Company.id.in_(by_number)]
        if any(char.isalnum() for char in words):  # signs alone are no part of a name's key, so they find nothing
            by_domain = select(CompanyDomain.company_id).where(
                CompanyDomain.domain.contains(words.lower().removeprefix("@"), autoescape=True)
            )
            found += [Company.name_key.contains(name_key(words), autoescape=True), Company.id.in_(by_domain)]
        wanted.append(or_(*found))
    return wanted


def _people(ids: Sequence[int]) -> dict[int, int]:
    query = select(Person.company_id, func.count()).where(Person.company_id.in_(ids), Person.archived_at.is_(None))
    return {company_id or 0: count for company_id, count in db.session.execute(query.group_by(Person.company_id))}


def _open(ids: Sequence[int]) -> dict[int, int]:
    query = select(Ticket.company_id, func.count()).where(Ticket.is_active.is_(True), Ticket.company_id.in_(ids))
    return {company_id or 0: count for company_id, count in db.session.execute(query.group_by(Ticket.company_id))}


def _agreed(ids: Sequence[int]) -> dict[int, list[Agreed]]:
    agreed: dict[int, list[Agreed]] = {}
    columns = select(Contract.company_id, Contract.number, Contract.valid_from, Contract.valid_to)
    for company_id, number, start, end in db.session.execute(columns.where(Contract.company_id.in_(ids))):
        agreed.setdefault(company_id, []).append((number, start, end))
    return agreed
