"""The staff as the administrator sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select

from app import sessions
from app.clock import now
from app.extensions import db
from app.models.account import AccountLink, SecondFactor
from app.models.staff import Staff, StaffSession
from app.models.words import Role
from app.translate import _


@dataclass(frozen=True)
class Row:
    id: int
    name: str
    email: str
    role: Role
    role_word: str
    is_disabled: bool
    has_password: bool
    has_second_factor: bool
    signed_in_at: datetime | None  # the newest browser that is signed in
    sessions: int
    invited_until: datetime | None  # of a link that was mailed and not used


def listed() -> Sequence[Row]:
    """Everybody, those who work here first, by name; two hundred people are one query."""
    return [_row(found) for found in db.session.execute(_rows().order_by(Staff.is_disabled, Staff.name, Staff.id))]


def row(member: Staff) -> Row:
    return _row(db.session.execute(_rows().where(Staff.id == member.id)).one())


def has_password(member: Staff) -> bool:
    return bool(db.session.scalar(select(Staff.password_hash).where(Staff.id == member.id)))


def assignable() -> Sequence[Staff]:
    """Who a request or a shift can be given to, by name."""
    return db.session.scalars(select(Staff).where(Staff.is_disabled.is_(False)).order_by(Staff.name)).all()


def role_word(role: Role) -> str:
    return {Role.ENGINEER: _("инженер"), Role.MANAGER: _("руководитель"), Role.ADMIN: _("администратор")}[role]


def _rows() -> Select[tuple[object, ...]]:
    of_member = StaffSession.staff_id == Staff.id
    open_now = (of_member, sessions.alive(now()))
    factor = exists().where(SecondFactor.staff_id == Staff.id, SecondFactor.confirmed_at.is_not(None))
    unused = (AccountLink.staff_id == Staff.id, AccountLink.used_at.is_(None))
    return select(
        Staff.id,
        Staff.name,
        Staff.email,
        Staff.role,
        Staff.is_disabled,
        (Staff.password_hash != "").label("has_password"),
        factor.label("has_second_factor"),
        select(func.max(StaffSession.created_at)).where(of_member).scalar_subquery().label("signed_in_at"),
        select(func.count()).select_from(StaffSession).where(*open_now).scalar_subquery().label("sessions"),
        select(func.max(AccountLink.expires_at)).where(*unused).scalar_subquery().label("invited_until"),
    )


def _row(found: object) -> Row:
    fields = found._asdict()  # type: ignore[attr-defined]  # a row of columns
    return Row(**fields, role_word=role_word(fields["role"]))
