"""People of client companies: the list, and the card of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from app.errors import NotFound
from app.extensions import db
from app.models.chat import Chat
from app.models.client_change import ClientChange
from app.models.company import Company, name_key
from app.models.person import Person
from app.models.ticket import Ticket
from app.reading import company_card
from app.reading.company_card import Change
from app.rows import find_row

PAGE, MOST_TICKETS = 50, 10
_COLUMNS = (Person.id, Person.name, Person.email, Person.phone, Person.position, Person.is_contact, Person.notes)


@dataclass(frozen=True, slots=True)
class Page:
    """``next``: the id to go on after, or nothing; ``company``: whose people these are, or everybody."""

    rows: Sequence[Any]
    next: int | None
    total: int
    company: Company | None


@dataclass(frozen=True, slots=True)
class Card:
    person: Person
    company: Company | None
    merged_into: Person | None
    aliases: list[Person]  # joined to this one: their addresses lead here
    tickets: Sequence[Any]
    chats: int
    changes: list[Change]


def page(query: str, company_id: int | None, after: int | None, *, archived: bool) -> Page:
    """People by name, found by any part of name, address, position or company, or by a phone in any spelling."""
    wanted = _wanted(query, company_id, archived=archived)
    total = db.session.scalar(select(func.count()).select_from(Person).where(*wanted)) or 0
    shown = select(*_COLUMNS, Person.company_id, Company.name.label("company"))
    shown = shown.outerjoin(Company, Company.id == Person.company_id).where(*wanted)
    if after is not None:
        edge = db.session.execute(select(Person.name, Person.id).where(Person.id == after)).first()
        if edge is not None:
            shown = shown.where(tuple_(Person.name, Person.id) > tuple_(*edge))
    rows = db.session.execute(shown.order_by(Person.name, Person.id).limit(PAGE + 1)).all()
    company = db.session.get(Company, company_id) if company_id is not None else None
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None, total, company)


def found(person_id: int) -> Person:
    """The person; raises NotFound."""
    person = find_row(Person, person_id)
    if person is None:
        raise NotFound("Такого человека нет. Вернитесь к списку.")
    return person


def card(person: Person) -> Card:
    columns = (Ticket.number, Ticket.title, Ticket.state, Ticket.urgency, Ticket.created_at)
    tickets = select(*columns).where(Ticket.person_id == person.id).order_by(Ticket.id.desc()).limit(MOST_TICKETS)
    chats = select(func.count()).select_from(Chat).where(Chat.person_id == person.id)
    return Card(
        person=person,
        company=db.session.get(Company, person.company_id) if person.company_id else None,
        merged_into=db.session.get(Person, person.merged_into_id) if person.merged_into_id else None,
        aliases=list(db.session.scalars(select(Person).where(Person.merged_into_id == person.id).order_by(Person.id))),
        tickets=db.session.execute(tickets).all(),
        chats=db.session.scalar(chats) or 0,
        changes=company_card.changes(ClientChange.person_id == person.id),
    )


def companies() -> Sequence[Any]:
    """Whom somebody can belong to: id and name."""
    query = select(Company.id, Company.name).where(Company.archived_at.is_(None))
    return db.session.execute(query.order_by(Company.name_key, Company.id)).all()


def _wanted(query: str, company_id: int | None, *, archived: bool) -> list[ColumnElement[bool]]:
    is_archived = Person.archived_at.is_not(None) if archived else Person.archived_at.is_(None)
    is_kept = (Person.merged_into_id.is_(None), Person.erased_at.is_(None))
    wanted: list[ColumnElement[bool]] = [is_archived, *is_kept]
    if company_id is not None:
        wanted.append(Person.company_id == company_id)
    if words := query.strip():
        # SQLite lowers Latin letters alone: a name is looked for as it is typed, and with a capital.
        spellings = {words, words.title(), words.capitalize()}
        found = [Person.name.contains(one, autoescape=True) for one in spellings]
        found += [
            Person.email.contains(words.lower(), autoescape=True),
            Person.position.contains(words, autoescape=True),
        ]
        if any(char.isalnum() for char in words):  # signs alone are no part of a company's key, so they find nobody
            own = select(Company.id).where(Company.name_key.contains(name_key(words), autoescape=True))
            found.append(Person.company_id.in_(own))
        digits = re.sub(r"\D", "", words)
        if len(digits) >= 4:
            found.append(Person.phone.contains(digits[1:] if digits[0] in "78" and len(digits) > 10 else digits))
        wanted.append(or_(*found))
    return wanted
