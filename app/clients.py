"""Client companies, their contracts and people: made and changed here, for the API, imports and pages alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import pairing, phones
from app.config import settings
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models.calendar import CalendarRecord
from app.models.company import Company, CompanyDomain, Contract, name_key
from app.models.person import Person
from app.models.words import UrgentClock
from app.rows import find_row
from app.translate import _

# Whoever writes from these belongs to no company by that.
PUBLIC_DOMAINS = frozenset(
    "aol.com autorambler.ru bk.ru email.ru gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com hotmail.co.uk "
    "icloud.com inbox.lv inbox.ru internet.ru lenta.ru list.ru live.com live.ru mail.com mail.ru mail.ua me.com "
    "msn.com myrambler.ru narod.ru newmail.ru outlook.com outlook.de pochta.ru proton.me protonmail.com qq.com "
    "r0.ru rambler.ru rambler.ua ro.ru tut.by ukr.net vk.com xmail.ru ya.ru yahoo.com yandex.by yandex.com "
    "yandex.kz yandex.ru yandex.ua".split()
)
_TERMS = (
    *("valid_from", "valid_to", "calendar", "reaction", "solution", "urgent_take", "urgent_solve", "urgent_clock"),
    *("reopening_window", "reopening_minimum", "stops_for_third_party"),
)
_DOMAIN = re.compile(r"(?=.{4,190}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")


def with_parts(company_id: int) -> Company | None:
    """A company with its domains and contracts."""
    return find_row(Company, company_id, options=PARTS, populate_existing=True)


PARTS = (selectinload(Company.domains), selectinload(Company.contracts))


def make_company(fields: Mapping[str, Any], at: datetime) -> Company:
    """A new company, flushed; ``fields`` as ``change_company`` takes them, the name among them."""
    company = Company(domains=[], contracts=[], created_at=at, notice_email="")
    db.session.add(company)
    change_company(company, fields, at)
    return company


def change_company(company: Company, fields: Mapping[str, Any], at: datetime) -> None:
    """Set what ``fields`` name: ``name domains notice_email notify notes contract``. Open promises stay as they are."""
    if "name" in fields:
        company.name, company.name_key = fields["name"], name_key(fields["name"])
    if "notice_email" in fields:
        company.notice_email = fields["notice_email"]
    if "notify" in fields:
        company.notify = fields["notify"]
    if "notes" in fields:
        company.notes = fields["notes"]
    db.session.flush()
    if "domains" in fields:
        _set_domains(company, fields["domains"])
    if "contract" in fields:
        _set_contract(company, fields["contract"], at)
    db.session.flush()


def contract_of(company: Company, day: date) -> Contract | None:
    """The contract to show: the one in force that day, of several the one that began last; else the latest."""
    in_force = [c for c in company.contracts if c.valid_from <= day and (c.valid_to is None or day <= c.valid_to)]
    return max(in_force or company.contracts, key=lambda contract: (contract.valid_from, contract.id), default=None)


def make_person(fields: Mapping[str, Any], at: datetime) -> Person:
    """A new person, flushed; ``fields`` as ``change_person`` takes them."""
    person = Person(name="", created_at=at)
    change_person(person, fields)
    db.session.add(person)
    db.session.flush()
    return person


def change_person(person: Person, fields: Mapping[str, Any]) -> None:
    """Set what ``fields`` name: ``name email phone position notes company_id is_contact``. They must be reachable."""
    _check_not_erased(person)
    email, phone = fields.get("email", person.email) or None, person.phone
    if fields.get("phone"):
        phone = phones.e164(fields["phone"])
        if phone is None:
            wrong = _("«%(typed)s» не похоже на телефон. Пример: +7 812 363-17-87", typed=fields["phone"])
            raise IntakeRejected({"phone": wrong})
    elif "phone" in fields:
        phone = None
    if email is None and phone is None:
        raise IntakeRejected({"email": "Нужен e-mail или телефон: иначе человека не узнать."})
    _check_free(email, person)
    if "phone" in fields:
        person.is_phone_confirmed = phone is not None  # staff and imports vouch for what they write
    if person.id and person.phone and person.phone != phone:
        pairing.lose_proof(person, "contact")
    if person.id and person.email and person.email != email:
        pairing.lose_proof(person, "code", "link")
    person.email, person.phone = email, phone
    for name in ("name", "position", "notes", "company_id", "is_contact"):
        if name in fields:
            setattr(person, name, fields[name])


def person_with(email: str) -> Person | None:
    return db.session.scalars(select(Person).where(Person.email == email.lower())).first()


def _check_not_erased(person: Person) -> None:
    if person.erased_at is not None:
        raise IllegalMove("Данные этого человека стёрты по его просьбе. Заведите новую карточку.")


def _check_free(email: str | None, person: Person) -> None:
    other = person_with(email) if email else None
    if other is not None and other.id != person.id:
        taken = _("Адрес %(email)s уже у другого человека: id %(id)s.", email=email, id=other.id)
        raise IntakeRejected({"email": taken})


def _set_domains(company: Company, domains: Sequence[str]) -> None:
    wanted = checked_domains(domains, company.id)
    known = {row.domain: row for row in company.domains}
    company.domains = [known.get(domain) or CompanyDomain(domain=domain, company_id=company.id) for domain in wanted]


def checked_domains(domains: Sequence[str], company_id: int | None) -> list[str]:
    """Domains as they are kept, each once; IntakeRejected for one that is none, public or another company's."""
    wanted = list(dict.fromkeys(_domain(domain) for domain in domains))
    if taken := sorted(set(wanted) & PUBLIC_DOMAINS):
        public = _("%(domains)s: общая почта, по ней компанию не узнать.", domains=", ".join(taken))
        raise IntakeRejected({"domains": public})
    others = select(CompanyDomain.domain).where(
        CompanyDomain.domain.in_(wanted), CompanyDomain.company_id != (company_id or 0)
    )
    if taken := sorted(db.session.scalars(others)):
        theirs = _("%(domains)s: домен уже у другой компании.", domains=", ".join(taken))
        raise IntakeRejected({"domains": theirs})
    return wanted


def _domain(typed: str) -> str:
    domain = typed.strip().lower().removeprefix("@").rstrip(".")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not _DOMAIN.fullmatch(domain):
        wrong = _("«%(typed)s» не похоже на домен. Пример: neva-trade.ru", typed=typed)
        raise IntakeRejected({"domains": wrong})
    return domain


def _set_contract(company: Company, fields: Mapping[str, Any], at: datetime) -> None:
    """A number that the company has already is changed, another is added."""
    calendar = fields.get("calendar")
    if calendar is not None and db.session.get(CalendarRecord, calendar) is None:
        unknown = _("Календаря «%(name)s» нет. Сначала загрузите его.", name=calendar)
        raise IntakeRejected({"contract.calendar": unknown})
    contract = next((known for known in company.contracts if known.number == fields["number"]), None)
    if contract is None:
        own = settings()
        contract = Contract(
            number=fields["number"],
            valid_from=at.astimezone(own.time_zone).date(),
            calendar=own.default_calendar,
            reaction=own.default_reaction,
            solution=own.default_solution,
            urgent_clock=UrgentClock.ROUND_THE_CLOCK,
        )
        company.contracts = [*company.contracts, contract]
    for name in _TERMS:
        if name in fields:
            setattr(contract, name, fields[name])
    for name in ("reaction", "solution", "urgent_take", "urgent_solve"):
        if (amount := getattr(contract, name)) is not None and amount <= timedelta(0):
            raise IntakeRejected({f"contract.{name}": "Срок должен быть больше нуля."})
    if contract.valid_to and contract.valid_to < contract.valid_from:
        raise IntakeRejected({"contract.valid_to": "Договор кончается раньше, чем начинается."})
