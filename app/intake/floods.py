"""One address again and again: requests are kept and marked, and a machine that answers us gets no more letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.intake.mime.headers import plain_subject
from app.models.delivery import Delivery
from app.models.ticket import Ticket

FLOOD = "flood"  # a mark for people: nothing else follows from it
REPEATS = "repeats"  # a machine: nothing leaves by itself any more (tickets.register.SUSPECT)
_FLOOD, _REPEATS = 20, 10  # requests in an hour; requests of one subject in a day
_AN_HOUR, _A_DAY = timedelta(hours=1), timedelta(days=1)
_ROUNDS, _AT_ONCE = 3, timedelta(minutes=5)  # our letter, its letter, three times over, each soon after ours
_LOOKED_AT = 60
_COUNTED = re.compile(r"\b[^\W\d]*\d\w*")  # begun at words alone: a megabyte without a digit must not take hours
_COMPARED = 5000  # characters of a text
# Built once: to build a statement costs more than to run it.
_EARLIER = (
    select(Ticket.id, Ticket.title, Ticket.what, Ticket.created_at, Ticket.reacted_at)
    .where(Ticket.applicant_email == bindparam("email"), Ticket.created_at > bindparam("since"))
    .order_by(Ticket.created_at.desc())
    .limit(_LOOKED_AT)
)
_SENT = (
    select(Delivery.ticket_id, func.min(Delivery.tried_at))
    .where(Delivery.ticket_id.in_(bindparam("ids", expanding=True)), Delivery.recipient == bindparam("email"))
    .where(Delivery.notice == "registered")
    .group_by(Delivery.ticket_id)
)


def marks(email: str, subject: str, text: str, at: datetime, *, is_known: bool) -> list[str]:
    """Flags of a new request by letter. ``is_known``: a contract or an answer vouches for the address."""
    found = db.session.execute(_EARLIER, {"email": email, "since": at - _A_DAY}).all() if email else []
    if len(found) < _ROUNDS:
        return []
    alike = [one for one in found if one.reacted_at is None and _plain(one.title) == _plain(plain_subject(subject))]
    same = [one for one in alike if _plain(one.what) == _plain(text)]
    is_machine = _is_conversation(email, same[:_ROUNDS], at) or (not is_known and len(alike) >= _REPEATS)
    is_flood = not is_known and sum(one.created_at > at - _AN_HOUR for one in found) >= _FLOOD
    return [*([FLOOD] if is_flood else []), *([REPEATS] if is_machine else [])]


def _is_conversation(email: str, same: Sequence[Any], at: datetime) -> bool:
    """Did each of these requests, the newest first, follow at once on the number that we sent for the one before?"""
    if len(same) < _ROUNDS:
        return False
    sent = db.session.execute(_SENT, {"ids": [one.id for one in same], "email": email})
    told = {ticket_id: tried_at for ticket_id, tried_at in sent if tried_at}
    following = [at, *(one.created_at for one in same)]
    return all(
        one.id in told and told[one.id] <= after <= told[one.id] + _AT_ONCE
        for one, after in zip(same, following, strict=False)
    )


def _plain(words: str) -> str:
    """Without what a machine counts up: numbers, dates, ids."""
    return " ".join(_COUNTED.sub("0", plain_subject(words[:_COMPARED])).casefold().split())
