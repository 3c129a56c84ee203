"""Who is on the staff: invited by letter, changed, disabled and brought back. The administrator's verbs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import locks, pairing, sessions
from app.accounts import links
from app.environment import ADDRESS
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.locks import Lock
from app.models.account import LinkKind
from app.models.staff import Staff
from app.models.words import Role
from app.translate import _

_LONGEST_NAME = 200
_KNOWN = "Такой сотрудник уже есть. Найдите его в списке ниже."


def invite(email: str, name: str, role: str, at: datetime) -> Staff:
    """A new member of staff, who sets a password by the link in the letter."""
    address, errors = email.strip().lower(), _wrong(name, role)
    if not ADDRESS.fullmatch(address):
        errors = {"email": "Укажите e-mail полностью, например i.orlov@stekspb.ru.", **errors}
    elif db.session.scalar(select(Staff.id).where(Staff.email == address)):
        errors = {"email": _KNOWN, **errors}
    if errors:
        raise IntakeRejected(errors)
    member = Staff(email=address, name=name.strip(), role=Role(role), created_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(member)
    except IntegrityError as error:  # somebody invited them in the same moment
        raise IntakeRejected({"email": _KNOWN}) from error
    links.mail(member, LinkKind.INVITATION, at)
    return member


def change(member: Staff, name: str, role: str) -> None:
    """Another name, as customers see it, or another role."""
    if errors := _wrong(name, role):
        raise IntakeRejected(errors)
    if member.role is Role.ADMIN and Role(role) is not Role.ADMIN:
        _keep_an_administrator(member)
    member.name, member.role = name.strip(), Role(role)


def disable(member: Staff, at: datetime) -> None:
    """No way in any more, by page, link or chat; what the member did keeps the name."""
    if member.role is Role.ADMIN and not member.is_disabled:
        _keep_an_administrator(member)
    member.is_disabled = True
    sessions.end_all(member)
    links.void(member, at)
    pairing.unpair_staff(member, at)


def bring_back(member: Staff, at: datetime) -> None:
    """The account again, with a new password by letter: the old one may be known to others by now."""
    member.is_disabled = False
    member.password_hash = ""
    links.mail(member, LinkKind.INVITATION, at)


def _wrong(name: str, role: str) -> dict[str, str]:
    errors = {}
    if not name.strip():
        errors["name"] = "Напишите имя и фамилию, как их увидят клиенты."
    elif len(name.strip()) > _LONGEST_NAME:
        errors["name"] = _("Длиннее %(most)s знаков.", most=_LONGEST_NAME)
    if role not in set(Role):
        errors["role"] = "Выберите, кто это: инженер, руководитель или администратор."
    return errors


def _keep_an_administrator(member: Staff) -> None:
    """Another one who can sign in stays; of two who step down at once the second is refused."""
    locks.wait_for(Lock.ADMINISTRATORS)
    others = (Staff.role == Role.ADMIN, Staff.is_disabled.is_(False), Staff.password_hash != "", Staff.id != member.id)
    if not db.session.scalar(select(func.count()).select_from(Staff).where(*others)):
        raise IllegalMove("Это последний администратор, который может войти. Сначала назначьте другого.")
