"""Links that set a password: an invitation or a reset, mailed to the stored address alone, good once.

The secret part is kept nowhere: the letter works it out again from the key and a number used once.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from app import database, pairing, sessions, signing, standalone
from app.accounts import second_factor
from app.extensions import db
from app.models.account import AccountLink, LinkKind
from app.models.staff import Staff

LIVES = {LinkKind.INVITATION: timedelta(days=7), LinkKind.RESET: timedelta(hours=1)}
_MOST_RESETS, _RESETS_WITHIN = 3, timedelta(hours=1)


def mail(member: Staff, kind: LinkKind, at: datetime) -> None:
    """Owe the letter with the link; links mailed before are void."""
    nonce, expires_at = secrets.token_hex(16), at + LIVES[kind]
    void(member, at)
    token = token_of(member.id, kind, nonce)
    link = AccountLink(
        token_hash=_hash(token), staff_id=member.id, kind=kind, created_at=at, expires_at=expires_at, used_at=None
    )
    db.session.add(link)
    told: dict[str, Any] = {"staff": member.id, "kind": kind.value, "nonce": nonce, "name": member.name}
    standalone.owe("account", member.email, at, until=expires_at, **told)


def mail_reset(email: str, at: datetime) -> None:
    """As who forgot the password asks; an unknown address, a disabled account, a fourth in an hour: nothing."""
    query = select(Staff).where(Staff.email == email.strip().lower(), Staff.is_disabled.is_(False)).with_for_update()
    member = db.session.scalars(query).first()
    if member is None:
        return
    recent = select(func.count()).where(
        AccountLink.staff_id == member.id,
        AccountLink.kind == LinkKind.RESET,
        AccountLink.created_at > at - _RESETS_WITHIN,
    )
    if (db.session.scalar(recent) or 0) < _MOST_RESETS:
        mail(member, LinkKind.RESET, at)


def find(token: str, at: datetime) -> tuple[AccountLink, Staff] | None:
    """The link and whose it is; None: unknown, used, void, too late, or the account is disabled."""
    is_change = not database.is_reading()
    link = db.session.get(AccountLink, _hash(token), with_for_update=is_change, populate_existing=is_change)
    if link is None or link.used_at is not None or at > link.expires_at:
        return None
    member = db.session.get(Staff, link.staff_id)
    return None if member is None or member.is_disabled else (link, member)


def use(link: AccountLink, member: Staff, password: str, at: datetime) -> None:
    """Set the password; every session, every other link and every chat of the account ends."""
    link.used_at = at
    set_password(member, password, at)


def set_password(member: Staff, password: str, at: datetime) -> None:
    """A new password; whatever the old one opened is closed, and the owner is told by letter."""
    had_one = bool(db.session.scalar(select(Staff.password_hash).where(Staff.id == member.id)))
    member.password_hash = sessions.hash_password(password)
    sessions.end_all(member)
    void(member, at)
    second_factor.forget_begun(member)
    if had_one:
        pairing.unpair_staff(member, at)
        standalone.owe("account_changed", member.email, at, name=member.name, what="password")


def token_of(staff_id: int, kind: LinkKind, nonce: str) -> str:
    """The secret part of ``/account/<token>``: 144 bits."""
    signature = signing.sign("account", f"{staff_id}:{kind}:{nonce}")[:18]
    return base64.urlsafe_b64encode(signature).decode()


def void(member: Staff, at: datetime) -> None:
    """Links of the account that were mailed and not used lead nowhere any more."""
    unused = (AccountLink.staff_id == member.id, AccountLink.used_at.is_(None))
    db.session.execute(update(AccountLink).where(*unused).values(used_at=at))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
