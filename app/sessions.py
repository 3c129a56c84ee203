"""Signed-in staff and bearers of API tokens: made, looked up and ended on the server."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_login import UserMixin
from sqlalchemy import ColumnElement, bindparam, delete, select
from sqlalchemy.orm import undefer

from app import signing
from app.actor import Actor
from app.clock import now
from app.config import settings
from app.extensions import db
from app.models.staff import Staff, StaffSession, Token

LONGEST_PASSWORD = 1024
_OF_SESSION = (
    select(Staff, StaffSession.created_at)
    .join(StaffSession, StaffSession.staff_id == Staff.id)
    .where(StaffSession.key_hash == bindparam("key"), StaffSession.created_at > bindparam("oldest"))
)
_hasher = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_hex(16))  # so that an unknown address costs the same time as a known one


@dataclass(frozen=True)
class Session:
    """One signed-in browser, as its owner sees it."""

    reference: str
    agent: str
    since: datetime
    until: datetime
    is_this: bool


class Viewer(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """Who makes this request: a member of staff by cookie, or a program by token."""

    def __init__(
        self,
        actor: Actor,
        *,
        key: str = "",
        since: datetime | None = None,
        staff: Staff | None = None,
        token: Token | None = None,
    ) -> None:
        self.actor, self.key, self.since, self.staff, self.token = actor, key, since, staff, token

    def get_id(self) -> str:
        return self.key


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def check_password(email: str, password: str) -> Staff | None:
    """The member of staff whose address and password these are; the same work for a hit and a miss."""
    query = select(Staff).where(Staff.email == email.strip().lower()).options(undefer(Staff.password_hash))
    staff = db.session.scalars(query).first()
    try:
        _hasher.verify(staff.password_hash if staff and staff.password_hash else _NOBODY, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    return staff if staff and staff.password_hash and not staff.is_disabled else None


def start(staff: Staff, agent: str) -> Viewer:
    """A new session; its key goes into the cookie, only its hash is kept. The caller commits."""
    key, since = secrets.token_urlsafe(24), now()
    db.session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id, ~alive(since)))
    db.session.add(StaffSession(key_hash=_hash(key), staff_id=staff.id, created_at=since, agent=agent[:200]))
    return Viewer(Actor.of_staff(staff), key=key, since=since, staff=staff)


def alive(at: datetime) -> ColumnElement[bool]:
    """As a condition for sessions: not so old that its owner must sign in anew (``SESSION_ENDS_AFTER``)."""
    return StaffSession.created_at > at - settings().session_ends_after


def load(key: str) -> Viewer | None:
    """The session of a cookie's key, unless it was ended, is too old or the account is disabled."""
    oldest = now() - settings().session_ends_after
    found = db.session.execute(_OF_SESSION, {"key": _hash(key), "oldest": oldest}).first()
    if found is None or found[0].is_disabled:
        return None
    return Viewer(Actor.of_staff(found[0]), key=key, since=found[1], staff=found[0])


def end(key: str) -> None:
    """Sign this session out on the server."""
    db.session.execute(delete(StaffSession).where(StaffSession.key_hash == _hash(key)))


def end_all(staff: Staff) -> None:
    """Sign a member of staff out everywhere (disabled, password changed)."""
    db.session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))


def end_others(staff: Staff, key: str, reference: str) -> None:
    """Sign out the other browser of that reference, or all others where it is empty; the one with this key stays."""
    others = select(StaffSession.key_hash).where(StaffSession.staff_id == staff.id, StaffSession.key_hash != _hash(key))
    ended = [one for one in db.session.scalars(others) if reference in {"", reference_of(one)}]
    db.session.execute(delete(StaffSession).where(StaffSession.key_hash.in_(ended)))


def listed(staff: Staff, key: str) -> list[Session]:
    """The browsers that are signed in, this one first, then the newest."""
    query = select(StaffSession).where(StaffSession.staff_id == staff.id, alive(now()))
    lives = settings().session_ends_after
    rows = [
        Session(
            reference_of(row.key_hash), row.agent, row.created_at, row.created_at + lives, row.key_hash == _hash(key)
        )
        for row in db.session.scalars(query.order_by(StaffSession.created_at.desc()))
    ]
    return sorted(rows, key=lambda one: not one.is_this)


def reference_of(key_hash: str) -> str:
    """What a page may say of a session: it opens nothing, and tells nothing of the key."""
    return signing.short("session", key_hash)


def new_token_key() -> tuple[str, str]:
    """A fresh API key and the hash to keep of it."""
    key = f"hd_{secrets.token_urlsafe(32)}"
    return key, _hash(key)


def bearer(header: str) -> Viewer | None:
    """The program behind ``Authorization: Bearer …``, or None."""
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key:
        return None
    query = select(Token).where(Token.key_hash == _hash(key.strip()), Token.revoked_at.is_(None))
    token = db.session.scalars(query).first()
    return Viewer(Actor.of_token(token), token=token) if token else None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
