"""The second factor: codes of an app (TOTP, RFC 6238), each good once, and ten codes on paper for a lost phone."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, select

from app import signing, standalone
from app.config import settings
from app.extensions import db, insert_into
from app.models.account import SecondFactor
from app.models.delivery import Delivery
from app.models.staff import Staff

STEP = 30  # seconds
MOST_MISSES, MISSES_WITHIN = 10, timedelta(hours=1)  # of one account from any address: who guesses knows the password
GUESSED, WARNED_EVERY = "account_guessed", timedelta(days=1)
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read as something else


def of(staff_id: int) -> SecondFactor | None:
    """The second factor that is on."""
    on = (SecondFactor.staff_id == staff_id, SecondFactor.confirmed_at.is_not(None))
    return db.session.scalars(select(SecondFactor).where(*on)).first()


def begin(member: Staff) -> SecondFactor:
    """Set one up: a fresh secret, unless one is on or is being set up already. Locked: of two at once one is made."""
    fresh = {"staff_id": member.id, "nonce": secrets.token_hex(16), "last_step": 0, "recovery_hashes": [], "misses": 0}
    db.session.flush()  # reading anew drops what is not written yet
    db.session.execute(insert_into(SecondFactor).values(fresh).on_conflict_do_nothing())
    return db.session.get_one(SecondFactor, member.id, with_for_update=True, populate_existing=True)


def secret_of(factor: SecondFactor) -> str:
    """Base32, as apps take it typed."""
    return base64.b32encode(signing.sign("totp", f"{factor.staff_id}:{factor.nonce}")[:20]).decode()


def address_of(factor: SecondFactor, member: Staff) -> str:
    """The ``otpauth:`` address that the picture carries."""
    issuer = f"{settings().firm_mark} HelpDesk"
    return pyotp.TOTP(secret_of(factor)).provisioning_uri(name=member.email, issuer_name=issuer)


def confirm(factor: SecondFactor, member: Staff, typed: str, at: datetime) -> list[str]:
    """Turn it on by a code of the app; the codes for a lost phone, shown only now. Empty: the code is wrong."""
    if factor.confirmed_at is not None or not _is_next_code(factor, typed, at):
        return []
    factor.confirmed_at = at
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    factor.recovery_hashes = [_hash(factor, code) for code in codes]
    standalone.owe("account_changed", member.email, at, name=member.name, what="second_factor_on")
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def check(factor: SecondFactor, typed: str, at: datetime) -> bool:
    """Whether this code lets its owner in. The caller commits in any case: a miss counts, a code is used up."""
    db.session.flush()  # a refresh drops what is not written yet
    db.session.refresh(factor, with_for_update=True)
    if factor.missed_at is not None and at - factor.missed_at > MISSES_WITHIN:
        factor.misses = 0
    if factor.misses >= MOST_MISSES:
        return False
    if _is_next_code(factor, typed, at) or _is_recovery_code(factor, typed):
        factor.misses = 0
        return True
    factor.misses, factor.missed_at = factor.misses + 1, at
    if factor.misses == MOST_MISSES:
        _warn(factor, at)
    return False


def turn_off(member: Staff, at: datetime) -> bool:
    """The password alone is enough again; the owner is told. False: it was off."""
    factor = db.session.get(SecondFactor, member.id)
    if factor is None:
        return False
    was_on = factor.confirmed_at is not None
    db.session.delete(factor)
    if was_on:
        standalone.owe("account_changed", member.email, at, name=member.name, what="second_factor_off")
    return was_on


def forget_begun(member: Staff) -> None:
    """What was being set up and never turned on: its secret may have been seen."""
    begun = (SecondFactor.staff_id == member.id, SecondFactor.confirmed_at.is_(None))
    db.session.execute(delete(SecondFactor).where(*begun))


def _warn(factor: SecondFactor, at: datetime) -> None:
    """Tell the owner that somebody with the right password guesses codes; once a day, however long it goes on."""
    member = db.session.get_one(Staff, factor.staff_id)
    lately = (Delivery.notice == GUESSED, Delivery.created_at > at - WARNED_EVERY)
    query = select(Delivery.id).where(Delivery.recipient == member.email.lower(), *lately)
    if db.session.scalar(query.limit(1)) is None:
        standalone.owe(GUESSED, member.email, at, language=settings().language, name=member.name)


def _is_next_code(factor: SecondFactor, typed: str, at: datetime) -> bool:
    """A code of now, of half a minute ago or ahead, newer than the last that was good."""
    digits = "".join(char for char in typed if char.isascii() and char.isdigit())
    app = pyotp.TOTP(secret_of(factor))
    now = int(at.timestamp()) // STEP
    for step in (now, now - 1, now + 1):
        if step > factor.last_step and hmac.compare_digest(app.at(step * STEP), digits):
            factor.last_step = step
            return True
    return False


def _is_recovery_code(factor: SecondFactor, typed: str) -> bool:
    code = "".join(char for char in typed.lower() if char in _ALPHABET)
    hashed = _hash(factor, code)
    kept = [one for one in factor.recovery_hashes if not hmac.compare_digest(one, hashed)]
    is_good = len(kept) < len(factor.recovery_hashes)
    factor.recovery_hashes = kept
    return is_good


def _hash(factor: SecondFactor, code: str) -> str:
    return signing.sign("recovery-code", f"{factor.staff_id}:{code}").hex()
