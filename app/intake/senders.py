"""Who a letter is from, as far as we know the address."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from app import joined
from app.address_lists import is_listed
from app.clients import PUBLIC_DOMAINS
from app.config import settings
from app.extensions import db
from app.intake.authentication import dmarc
from app.intake.identify import CARD_STAYS
from app.intake.mime.letter import ParsedLetter
from app.models.company import Company, CompanyDomain
from app.models.person import Person
from app.models.staff import Staff

FORM = "web-form"  # a header that no letter has: which form it came from
_OF_THE_FORM = frozenset(
    """authentication-results auto-submitted errors-to list-id list-unsubscribe precedence return-path
    x-auto-reply-from x-auto-response-suppress x-autoreply x-autorespond x-autoresponse x-loop""".split()
)


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
    known = select(Person).where(Person.email == email).with_for_update(**CARD_STAYS)
    found = db.session.scalar(known) if email else None
    person = joined.kept(found) if found else None
    staff = db.session.scalar(select(Staff).where(Staff.email == email)) if email else None
    has_company = bool(person and person.company_id) or _is_client_domain(email.rpartition("@")[2])
    return Sender(email, name, person, staff, has_company)


def written_by(letter: ParsedLetter) -> ParsedLetter:
    """A letter that a web form of the settings' list sent, as its writer's own: the form names them in Reply-To.

    What our mail server says of the form, and what says that a program sent it, speaks of no writer.
    """
    writer = next((box for box in letter.reply_to if "@" in box.email), None)
    known = settings()
    is_form = is_listed(letter.from_email, known.web_form_senders)
    if writer is None or not is_form or dmarc(letter, known.authserv_id) == "fail":
        return letter
    kept = {name: values for name, values in letter.headers.items() if name not in _OF_THE_FORM}
    headers = kept | {FORM: [letter.from_email]}
    return replace(letter, from_email=writer.email, from_name=writer.name or letter.from_name, headers=headers)


def _is_client_domain(domain: str) -> bool:
    query = select(CompanyDomain.domain).join(Company, Company.id == CompanyDomain.company_id)
    is_ours = (CompanyDomain.domain == domain, Company.archived_at.is_(None))
    return bool(domain) and domain not in PUBLIC_DOMAINS and db.session.scalar(query.where(*is_ours)) is not None
