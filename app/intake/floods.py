"""One unproven address again and again: requests are kept and marked, and a machine that answers us gets no more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.intake.mime.headers import plain_subject
from app.models.ticket import Ticket

FLOOD = "flood"  # a mark for people: nothing else follows from it
REPEATS = "repeats"  # the same subject each time, and nobody here has said a word: a machine (see tickets.SUSPECT)
_FLOOD, _AN_HOUR = 20, timedelta(hours=1)
_REPEATS, _A_DAY = 10, timedelta(days=1)
_LOOKED_AT = 60
_DIGITS = re.compile(r"\d+")


def marks(email: str, subject: str, at: datetime) -> list[str]:
    """Flags of a new request by letter from an address that nobody vouched for."""
    earlier = (
        select(Ticket.title, Ticket.created_at, Ticket.reacted_at)
        .where(Ticket.applicant_email == email, Ticket.created_at > at - _A_DAY)
        .order_by(Ticket.created_at.desc())
        .limit(_LOOKED_AT)
    )
    found = db.session.execute(earlier).all() if email else []
    if len(found) < _REPEATS:
        return []
    is_flood = sum(one.created_at > at - _AN_HOUR for one in found) >= _FLOOD
    is_same = _same(subject, [one.title for one in found if one.reacted_at is None]) >= _REPEATS
    return [*([FLOOD] if is_flood else []), *([REPEATS] if is_same else [])]


def _same(subject: str, others: Sequence[str]) -> int:
    return sum(_key(other) == _key(subject) for other in others)


def _key(subject: str) -> str:
    return _DIGITS.sub("0", plain_subject(subject)).casefold()
