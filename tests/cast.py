"""The cast: alice and bob (engineers), masha (manager), carol (customer of ООО «Нева-Трейд»), mallory (a stranger)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from app import outbox
from app.actor import Actor
from app.clock import now
from app.extensions import db
from app.intake import Intake, receive
from app.models import (
    Channel,
    Company,
    CompanyDomain,
    Contract,
    Person,
    Role,
    Staff,
    Ticket,
)
from app.models.company import name_key
from app.sessions import hash_password

PASSWORD = "a long enough password"
FORM = {  # as Carol fills it in
    "what": "Касса не пробивает чеки",
    "whose": "касса 2",
    "where": "зал",
    "urgency": "normal",
    "company": "Нева-Трейд",
    "name": "Петрова Ольга",
    "email": "carol@neva-trade.example",
    "phone": "+7 900 555-01-44",
}
_hashed = cache(hash_password)  # which is slow by intent, and the same for the whole cast


def staff(name: str, role: Role = Role.ENGINEER, email: str = "") -> Staff:
    """A member of staff who can sign in with PASSWORD; made once, found afterwards."""
    address = email or f"{name.split(maxsplit=1)[0].lower()}@stek.example"
    found = db.session.query(Staff).filter_by(email=address).first()
    if found:
        return found
    made = Staff(email=address, name=name, role=role, created_at=now(), password_hash=_hashed(PASSWORD))
    db.session.add(made)
    outbox.commit()
    return made


def alice() -> Staff:
    return staff("Алиса Орлова", email="alice@stek.example")


def bob() -> Staff:
    return staff("Борис Белов", email="bob@stek.example")


def masha() -> Staff:
    return staff("Мария Иванова", Role.MANAGER, "masha@stek.example")


def acting(member: Staff, channel: Channel = Channel.API) -> Actor:
    """A member of staff as an author; by API nothing waits for UNDO_SEND, by pages (Channel.WEB) it does."""
    return Actor.of_staff(member, channel)


def neva_trade(*, solution: timedelta = timedelta(hours=8), calendar: str = "ru-5x9") -> Company:
    """A client company with a contract, a domain and an address for notices; made once."""
    found = db.session.query(Company).filter_by(name_key=name_key("Нева-Трейд")).first()
    if found:
        return found
    company = Company(
        name="ООО «Нева-Трейд»",
        name_key=name_key("ООО «Нева-Трейд»"),
        notice_email="office@neva-trade.example",
        created_at=now(),
    )
    company.domains = [CompanyDomain(domain="neva-trade.example")]
    company.contracts = [
        Contract(
            number="118/2024",
            valid_from=date(2024, 1, 1),
            calendar=calendar,
            reaction=timedelta(hours=1),
            solution=solution,
        )
    ]
    db.session.add(company)
    outbox.commit()
    return company


def carol() -> Person:
    """Carol, known by contract; made once."""
    company = neva_trade()
    found = db.session.query(Person).filter_by(email="carol@neva-trade.example").first()
    if found:
        return found
    person = Person(
        name="Петрова Ольга Сергеевна",
        email="carol@neva-trade.example",
        phone="+79005550144",
        company_id=company.id,
        is_confirmed=True,
        created_at=now(),
    )
    db.session.add(person)
    outbox.commit()
    return person


def request_of_carol(
    at: datetime | None = None, text: str = "1С не открывается, пишет про ключ защиты", **more
) -> Ticket:
    """A request by Carol through the one road in, committed."""
    carol()
    intake = Intake(
        **{
            "channel": Channel.WEB,
            "text": text,
            "at": at or now(),
            "name": "Петрова Ольга Сергеевна",
            "email": "carol@neva-trade.example",
            "phone": "+79005550144",
            "company": "Нева-Трейд",
            "whose": "у всех в бухгалтерии",
            "where": "Лиговский, 50, офис 312",
            **more,
        }
    )
    ticket = receive(intake).ticket
    outbox.commit()
    return ticket
