"""Who writes, and for which company: known address, then mail domain, then exact normalised name, then phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import joined, phones
from app.clients import PUBLIC_DOMAINS
from app.extensions import db, insert_into
from app.models.company import Company, CompanyDomain, name_key
from app.models.person import Person

# Whoever is found stays who they are until what they wrote is filed: whoever erases them waits for it, and covers it.
CARD_STAYS: dict[str, Any] = {"read": True, "key_share": True}


@dataclass(frozen=True)
class Identity:
    """``is_confirmed``: the company follows from an address or a domain, not from a typed name alone."""

    person: Person | None
    company: Company | None
    is_confirmed: bool


def identify(
    email: str, phone: str, name: str, company_name: str, at: datetime, person: Person | None = None
) -> Identity:
    """Find or make the person; find (never make) the company. A known person's name is not overwritten.

    ``person``: who it is, where that needs no finding.
    """
    if person is not None:
        person = _unless_erased(person.id)
    person = person or _person(email, phones.e164(phone) if phone else None, name, at)
    if person and person.company_id:
        own = db.session.get(Company, person.company_id)
        return Identity(person, joined.kept(own) if own else None, is_confirmed=True)
    if company := _by_domain(email):
        if person:
            person.company_id = company.id
        return Identity(person, company, is_confirmed=True)
    return Identity(person, by_name(company_name), is_confirmed=False)


def company_of(email: str, company_name: str) -> Company | None:
    """The company that a request with that address and name would be counted under; nobody is made for the answer."""
    person = _by_email(email) if email else None
    own = db.session.get(Company, person.company_id) if person and person.company_id else None
    return joined.kept(own) if own else _by_domain(email) or by_name(company_name)


def by_name(name: str, *, with_archived: bool = False) -> Company | None:
    """The one company of that name, or the one that it was joined to; None when there is none, or more than one."""
    if not name.strip():
        return None
    query = select(Company).where(Company.name_key == name_key(name)).limit(20)
    found = {company.id: company for company in map(joined.kept, db.session.scalars(query))}
    usable = [company for company in found.values() if with_archived or company.archived_at is None]
    return usable[0] if len(usable) == 1 else None


def _by_domain(email: str) -> Company | None:
    domain = email.rpartition("@")[2].lower()
    if not domain or domain in PUBLIC_DOMAINS:
        return None
    query = select(Company).join(CompanyDomain, CompanyDomain.company_id == Company.id)
    return db.session.scalars(query.where(CompanyDomain.domain == domain, Company.archived_at.is_(None))).first()


def _person(email: str, phone: str | None, name: str, at: datetime) -> Person | None:
    if email:
        db.session.execute(select(Person.id).where(Person.email == email).with_for_update(**CARD_STAYS))
        person = _by_email(email) or _new(email, phone, name, at)
    elif phone:
        person = _by_phone(phone) or _new(None, phone, name, at)
    else:
        return None
    person.phone = person.phone or phone
    person.name = person.name or name
    return person


def _unless_erased(person_id: int) -> Person | None:
    query = select(Person).where(Person.id == person_id, Person.erased_at.is_(None))
    return db.session.scalars(query.with_for_update(**CARD_STAYS)).first()


def _by_email(email: str) -> Person | None:
    found = db.session.scalars(select(Person).where(Person.email == email)).first()
    return joined.kept(found) if found else None


def _by_phone(phone: str) -> Person | None:
    query = select(Person).where(Person.phone == phone, Person.archived_at.is_(None)).order_by(Person.id)
    return db.session.scalars(query.limit(1).with_for_update(**CARD_STAYS)).first()


def _new(email: str | None, phone: str | None, name: str, at: datetime) -> Person:
    values = {"email": email, "phone": phone, "name": name, "position": "", "language": "ru", "is_confirmed": False,
              "created_at": at}  # fmt: skip
    # Insert-or-ignore: two letters of one new person at once make one person.
    made = db.session.execute(insert_into(Person).values(values).on_conflict_do_nothing().returning(Person.id)).scalar()
    person = db.session.get(Person, made) if made is not None else _by_email(email or "")
    assert person is not None
    return person
