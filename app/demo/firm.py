"""The demo firm itself: staff, client companies with their contracts, and the people who ask."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import durations
from app.calendar_versions import keep_calendar
from app.extensions import db
from app.models.answer_template import AnswerTemplate
from app.models.company import Company, CompanyDomain, Contract, name_key
from app.models.person import Person
from app.models.staff import Staff
from app.models.words import Notify, Role, UrgentClock

DATA = Path(__file__).parent.parent / "data" / "demo"
VALID_FROM = date(2024, 1, 1)


@dataclass(frozen=True)
class Firm:
    """Whom the stories are about; lists in the order of the file."""

    engineers: list[Staff]
    manager: Staff
    admin: Staff
    companies: list[Company]
    people: dict[int, list[Person]]  # by company

    @property
    def staff(self) -> list[Staff]:
        return [*self.engineers, self.manager, self.admin]


def found(at: datetime) -> Firm:
    """Find the firm or make what is missing of it, without passwords; the caller commits."""
    spec = _spec()
    for calendar in spec["calendars"]:
        keep_calendar(calendar, at)
    staff = [_staff(row, at) for row in spec["staff"]]
    db.session.flush()
    for template in spec["templates"]:
        _template(template, {member.email: member.id for member in staff}, at)
    companies = [_company(row, at) for row in spec["companies"]]
    db.session.flush()
    people = {
        company.id: [_person(row, company, name, at) for name in row["people"]]
        for company, row in zip(companies, spec["companies"], strict=True)
    }
    db.session.flush()
    return Firm(
        engineers=[member for member in staff if member.role is Role.ENGINEER],
        manager=next(member for member in staff if member.role is Role.MANAGER),
        admin=next(member for member in staff if member.role is Role.ADMIN),
        companies=companies,
        people=people,
    )


@cache
def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = json.loads((DATA / "firm.json").read_text(encoding="utf-8"))
    return spec


def _staff(row: dict[str, str], at: datetime) -> Staff:
    known = db.session.scalars(select(Staff).where(Staff.email == row["email"])).first()
    if known is not None:
        return known
    member = Staff(email=row["email"], name=row["name"], role=Role(row["role"]), password_hash="", created_at=at)
    db.session.add(member)
    return member


def _template(row: dict[str, str], ids: dict[str, int], at: datetime) -> None:
    own = ids.get(row.get("of", ""))
    same = (AnswerTemplate.name == row["name"], AnswerTemplate.staff_id.is_not_distinct_from(own))
    if db.session.scalar(select(AnswerTemplate.id).where(*same)) is None:
        db.session.add(AnswerTemplate(staff_id=own, name=row["name"], text=row["text"], changed_at=at))


def _company(row: dict[str, Any], at: datetime) -> Company:
    key = name_key(row["name"])
    known = db.session.scalars(select(Company).where(Company.name_key == key)).first()
    if known is not None:
        return known
    company = Company(
        name=row["name"],
        name_key=key,
        notice_email=row["notice_email"],
        notify=Notify(row["notify"]),
        created_at=at,
        domains=[CompanyDomain(domain=domain) for domain in row["domains"]],
        contracts=[_contract(row["contract"])],
    )
    db.session.add(company)
    return company


def _contract(row: dict[str, str]) -> Contract:
    window = row.get("reopening_window")
    return Contract(
        number=row["number"],
        valid_from=VALID_FROM,
        valid_to=None,
        calendar=row["calendar"],
        reaction=durations.parse(row["reaction"]),
        solution=durations.parse(row["solution"]),
        urgent_clock=UrgentClock(row.get("urgent_clock", "round_the_clock")),
        reopening_window=durations.parse(window) if window else None,
    )


def _person(row: dict[str, Any], company: Company, name: list[str], at: datetime) -> Person:
    full_name, mailbox, phone, position = name
    domain = row["domains"][0] if row["domains"] else "posta.example"
    email = f"{mailbox}@{domain}"
    known = db.session.scalars(select(Person).where(Person.email == email)).first()
    if known is not None:
        return known
    person = Person(
        name=full_name,
        email=email,
        phone=phone,
        position=position,
        company_id=company.id,
        is_confirmed=True,
        is_phone_confirmed=True,
        created_at=at - timedelta(days=200),
    )
    db.session.add(person)
    return person
