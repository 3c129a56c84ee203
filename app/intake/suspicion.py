"""Letters that wait for a person to decide, each with its cause; and the programs that need not wait."""

from __future__ import annotations

from sqlalchemy import select

from app import signing
from app.address_lists import is_listed
from app.config import settings
from app.extensions import db
from app.intake.case import Case
from app.intake.classify import is_noreply
from app.models.delivery import Delivery
from app.models.words import LetterKind

_MOST_READERS = 48  # of a stranger's letter; more are a campaign's


def is_welcome_robot(case: Case) -> bool:
    """A monitoring system of the settings' list, not answering us: what it tells is a request."""
    is_by_itself = case.letter.kind in {LetterKind.AUTO, LetterKind.LIST} or is_noreply(case.who.email)
    is_welcome = is_by_itself and is_listed(case.who.email, settings().monitoring_senders)
    return is_welcome and case.thread.ticket is None and case.stamp != "fail"


def quarantine_cause(case: Case) -> str:
    """Why nobody but a person may decide on this letter; empty where it goes its way."""
    who, ticket = case.who, case.thread.ticket
    if not who.email:
        return "no sender"
    if who.staff and (ticket or case.thread.possibly) and (who.staff.is_disabled or not _is_own_token(case)):
        return "staff not proven"
    if ticket:
        return ""
    if is_noreply(who.email):
        return "noreply"
    if not who.is_known and len({box.email for box in (*case.parsed.to, *case.parsed.cc)}) > _MOST_READERS:
        return "too many readers"
    return ""


def _is_own_token(case: Case) -> bool:
    """Did this engineer have the very letter of ours that they answer, and does our mail server vouch for them?"""
    if case.stamp != "pass" or not case.thread.is_proven:
        return False
    ids = [found for found in (*case.parsed.in_reply_to, *case.parsed.references) if signing.read_message_id(found)]
    wanted = {form for found in ids for form in (found, f"<{found}>")}
    had = select(Delivery.id).where(Delivery.message_id.in_(wanted), Delivery.recipient == case.who.email).limit(1)
    return db.session.scalar(had) is not None
