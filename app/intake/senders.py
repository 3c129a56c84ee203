"""Who a letter is from, as far as we know the address."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.config import settings
from app.extensions import db
from app.models.company import CompanyDomain
from app.models.person import Person
from app.models.staff import Staff


@dataclass(frozen=True)
class Sender:
    """An address and what the desk knows of it."""

    email: str
    name: str
    person: Person | None
    staff: Staff | None
    has_company: bool

    @property
    def is_known(self) -> bool:
        return self.person is not None or self.has_company

    def missing(self) -> list[str]:
        """Which of the five kinds of information a letter from here cannot tell us."""
        missing = [] if self.has_company else ["company"]
        if self.person is None or not self.person.phone:
            missing.append("phone")
        return [*missing, "whose", "where"]


def sender(email: str, name: str) -> Sender:
    """What is known of an address; ``email`` in any case."""
    email = email.lower()
    person = db.session.scalar(select(Person).where(Person.email == email)) if email else None
    staff = db.session.scalar(select(Staff).where(Staff.email == email)) if email else None
    has_company = bool(person and person.company_id) or _is_client_domain(email.rpartition("@")[2])
    return Sender(email, name, person, staff, has_company)


def own_mailboxes() -> set[str]:
    """The addresses that the desk itself writes from and reads."""
    return {settings().mail_default_sender.lower()}


def _is_client_domain(domain: str) -> bool:
    return bool(domain) and db.session.get(CompanyDomain, domain) is not None
