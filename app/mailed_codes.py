"""Six digits mailed to an address: who types them in reads that mailbox.

The code itself is kept nowhere: the letter works it out again from the key, what the code is bound to (an address, a
chat and an address) and a number used once. Kept is a keyed hash: six digits under a bare one are no secret.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from app import locks, signing
from app.extensions import db
from app.models.delivery import Delivery

CODE_LIVES = timedelta(minutes=15)
MOST_TRIES = 5
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_CAPS = ((3, _HOUR), (8, _DAY))  # of one address, of one who asks: no bomb for mailboxes, and no guess gets far


def code_of(purpose: str, bound_to: str, nonce: str) -> str:
    """The digits that the letter shows. ``purpose``: what the code is good for, and nothing else."""
    drawn = int.from_bytes(signing.sign(purpose, f"{bound_to}:{nonce}")[:8])
    return f"{drawn % 1_000_000:06d}"


def hash_of(purpose: str, bound_to: str, code: str) -> str:
    """What is kept of a code."""
    return signing.sign(f"{purpose}-hash", f"{bound_to}:{code}").hex()


def is_right(purpose: str, bound_to: str, typed: str, kept: str) -> bool:
    """Whether somebody typed the code that is kept so; spaces and dashes do not matter."""
    digits = "".join(char for char in typed if char.isascii() and char.isdigit())
    return hmac.compare_digest(hash_of(purpose, bound_to, digits), kept)


def mailed_to(email: str, notice: str, at: datetime) -> list[datetime]:
    """When codes went to this address within a day. Two that ask at once are counted one after the other."""
    locks.wait_for(f"code {email}")
    within = (Delivery.recipient == email, Delivery.notice == notice, Delivery.created_at > at - _DAY)
    return list(db.session.scalars(select(Delivery.created_at).where(*within)))


def within_a_day(moments: Iterable[datetime], at: datetime) -> list[datetime]:
    """Those that the caps still look at."""
    return [moment for moment in moments if moment > at - _DAY]


def is_over(moments: Iterable[datetime], at: datetime) -> bool:
    """Whether one more code would be one too many."""
    recent = within_a_day(moments, at)
    return any(sum(moment > at - span for moment in recent) >= most for most, span in _CAPS)
