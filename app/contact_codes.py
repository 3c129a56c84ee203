"""The code by which a company's contact person proves the address: mailed, good once, for a quarter of an hour.

Whether somebody is a contact person is staff's word (``people.is_contact``); the answer to a stranger is the same.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import signing, standalone
from app.extensions import db
from app.models.company import Company
from app.models.contact_code import ContactCode
from app.models.delivery import Delivery
from app.models.person import Person

NOTICE = "contact"
CODE_LIVES = timedelta(minutes=15)
MOST_TRIES = 5
_CAPS = ((3, timedelta(hours=1)), (8, timedelta(days=1)))  # letters to one address: no bomb, and no guess gets far


def mail_code(email: str, at: datetime) -> None:
    """Owe a letter with a code, if this is a contact person's address; a code mailed before is void."""
    email = email.strip().lower()
    person = contact(email)
    if person is None or _is_over(email, at):
        return
    nonce, until = secrets.token_hex(16), at + CODE_LIVES
    row = db.session.get(ContactCode, email, with_for_update=True) or ContactCode(email=email)
    row.code_hash, row.until, row.tries = _hash(email, code_of(email, nonce)), until, 0
    db.session.add(row)
    standalone.owe(NOTICE, email, at, until=until, nonce=nonce, language=person.language)


def check_code(email: str, typed: str, at: datetime) -> Person | None:
    """Whose code it is; None: wrong, too late, too often. The caller commits in any case: a miss counts."""
    email = email.strip().lower()
    row = db.session.get(ContactCode, email, with_for_update=True, populate_existing=True)
    if row is None or not row.code_hash or at > row.until or row.tries >= MOST_TRIES:
        return None
    row.tries += 1
    digits = "".join(char for char in typed if char.isascii() and char.isdigit())
    if not hmac.compare_digest(row.code_hash, _hash(email, digits)):
        return None
    row.code_hash = ""
    person = contact(email)
    if person is not None:
        person.is_confirmed = True
    return person


def contact(email: str) -> Person | None:
    """The contact person of this address, whose company is still a client."""
    is_contact = (Person.email == email, Person.is_contact.is_(True), Person.archived_at.is_(None))
    query = select(Person).join(Company, Company.id == Person.company_id).where(*is_contact)
    return db.session.scalars(query.where(Company.archived_at.is_(None))).first() if email else None


def code_of(email: str, nonce: str) -> str:
    """The digits that the letter shows."""
    drawn = int.from_bytes(signing.sign("contact-code", f"{email}:{nonce}")[:8])
    return f"{drawn % 1_000_000:06d}"


def _hash(email: str, code: str) -> str:
    """Keyed: six digits under a bare hash are no secret."""
    return signing.sign("contact-code-hash", f"{email}:{code}").hex()


def _is_over(email: str, at: datetime) -> bool:
    for most, span in _CAPS:
        mailed = (Delivery.recipient == email, Delivery.notice == NOTICE, Delivery.created_at > at - span)
        if (db.session.scalar(select(func.count()).select_from(Delivery).where(*mailed)) or 0) >= most:
            return True
    return False
