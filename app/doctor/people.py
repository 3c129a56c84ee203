"""What the doctor says of people: who hears a complaint about the manager, who is on duty in the days ahead."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import clock, duty
from app.config import settings
from app.doctor.findings import Finding, Level, ok
from app.duty.cover import AHEAD, gaps
from app.extensions import db
from app.models.staff import Staff
from app.policy import may_manage_now


def complaints() -> Finding:
    """A complaint is kept from whom it names; the head's address stands in, unless it is that person's own."""
    head = settings().head_email
    managers = set(db.session.scalars(select(Staff.email).where(may_manage_now())))
    is_staff = db.session.scalar(select(Staff.id).where(Staff.email == head).limit(1)) is not None
    if len(managers) > 1:
        return ok("complaints", "one about any member of staff has somebody else to read it")
    if managers - {head} or not is_staff:
        who = "the only manager" if managers else "any member of staff"
        return ok("complaints", f"one about {who} goes to HEAD_EMAIL ({head})")
    words = f"one about {head} would reach nobody: HEAD_EMAIL is their own, and there is no other manager"
    mend = "flask staff add EMAIL --name NAME --role manager, or set HEAD_EMAIL to somebody else's address"
    return Finding("complaints", Level.WARN, words, mend)


def on_duty() -> Finding:
    """Hours without anybody, as the page of the roster warns of them; the first of them is named."""
    at = clock.now()
    if not duty.is_kept():
        return ok("duty", f"no roster was begun: managers and HEAD_EMAIL ({settings().head_email}) are called")
    missing = gaps(duty.read(at, at + AHEAD), at, at + AHEAD)
    if not missing:
        return ok("duty", f"somebody is on duty all the next {AHEAD.days} days")
    first = missing[0]
    since = "now" if first.starts_at <= at else _shown(first.starts_at)
    words = f"nobody is on duty from {since} until {_shown(first.ends_at)}"
    if len(missing) > 1:
        words += f" and in {len(missing) - 1} more stretches of the next {AHEAD.days} days"
    mend = "fill the roster (/duty); until then managers and HEAD_EMAIL are called instead"
    return Finding("duty", Level.WARN, words, mend)


def _shown(at: datetime) -> str:
    return f"{at.astimezone(settings().time_zone):%Y-%m-%d %H:%M}"
