"""Letters that we could not take or read: their senders are told once, and asked for what can be read instead."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app import address_lists, bouncing, standalone
from app.config import settings
from app.extensions import db
from app.intake import contents
from app.intake.authentication import dmarc
from app.intake.classify import is_noreply
from app.intake.mime.letter import ENCRYPTED, ParsedLetter
from app.intake.senders import Sender
from app.models.delivery import Delivery
from app.models.letter import Letter
from app.models.ticket import Ticket
from app.models.words import LetterKind, LetterState

REFUSED, LOCKED = "refused", "locked"  # too large; encrypted
_ONCE_IN = timedelta(days=1)


def answer(letter: Letter, parsed: ParsedLetter, who: Sender, at: datetime) -> None:
    """Owe the letter that says what is wrong with theirs, if a person wrote it and may be answered (MAIL 23, 28-33)."""
    if contents.is_too_large(letter):
        notice = REFUSED
    elif ENCRYPTED in letter.signals:
        notice = LOCKED
    else:
        return
    ticket = db.session.get(Ticket, letter.ticket_id) if letter.ticket_id else None
    if notice == LOCKED and ticket and contents.READABLE in ticket.missing:
        return  # the notice of registration asks for it
    if not _may_be_answered(letter, parsed, who, at, notice):
        return
    is_theirs = ticket is not None and ticket.applicant_email.lower() == who.email.lower()
    standalone.owe(
        notice,
        who.email,
        at,
        language=who.person.language if who.person else settings().language,
        number=ticket.number if ticket and is_theirs else "",
        size=letter.size,
        answers=parsed.message_id if parsed.has_message_id else "",
    )


def _may_be_answered(letter: Letter, parsed: ParsedLetter, who: Sender, at: datetime, notice: str) -> bool:
    if letter.kind is not LetterKind.HUMAN or letter.state is not LetterState.FILED or letter.envelope_from == "<>":
        return False
    if not who.email or address_lists.is_own(who.email) or is_noreply(who.email):
        return False
    if contents.SPAM in letter.signals or dmarc(parsed, settings().authserv_id) == "fail":
        return False  # a forged sender would hear of a letter of somebody else's
    if address_lists.is_listed(who.email, settings().monitoring_senders) or bouncing.stopped(who.email, at):
        return False
    told = select(Delivery.id).where(
        Delivery.recipient == who.email.lower(), Delivery.notice == notice, Delivery.created_at > at - _ONCE_IN
    )
    return db.session.scalar(told.limit(1)) is None
