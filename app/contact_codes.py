"""The code by which a company's contact person proves the address: mailed, good once, for a quarter of an hour.

Whether somebody is a contact person is staff's word (``people.is_contact``); the answer to a stranger is the same.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from app import mailed_codes, standalone
from app.extensions import db
from app.models.company import Company
from app.models.contact_code import ContactCode
from app.models.person import Person

NOTICE = "contact"
_PURPOSE = "contact-code"


def mail_code(email: str, at: datetime) -> None:
    """Owe a letter with a code, if this is a contact person's address; a code mailed before is void."""
    email = email.strip().lower()
    person = contact(email)
    if person is None or mailed_codes.is_over(mailed_codes.mailed_to(email, NOTICE, at), at):
        return
    nonce, until = secrets.token_hex(16), at + mailed_codes.CODE_LIVES
    row = db.session.get(ContactCode, email, with_for_update=True) or ContactCode(email=email)
    row.code_hash, row.until, row.tries = mailed_codes.hash_of(_PURPOSE, email, code_of(email, nonce)), until, 0
    db.session.add(row)
    standalone.owe(NOTICE, email, at, until=until, nonce=nonce, language=person.language)


def check_code(email: str, typed: str, at: datetime) -> Person | None:
    """Whose code it is; None: wrong, too late, too often. The caller commits in any case: a miss counts."""
    email = email.strip().lower()
    row = db.session.get(ContactCode, email, with_for_update=True, populate_existing=True)
    if row is None or not row.code_hash or at > row.until or row.tries >= mailed_codes.MOST_TRIES:
        return None
    row.tries += 1
    if not mailed_codes.is_right(_PURPOSE, email, typed, row.code_hash):
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
    return mailed_codes.code_of(_PURPOSE, email, nonce)
