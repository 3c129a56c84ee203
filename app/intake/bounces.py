"""Our own letters that came back: which notice it was, and that its recipient has not been told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from app import escalations, outbox, signing
from app.actor import SYSTEM
from app.extensions import db
from app.intake.mime.letter import ParsedLetter, Report
from app.models.delivery import Delivery
from app.models.ticket import Ticket
from app.models.words import Cause, DeliveryState, EventKind
from app.tickets import closing

_HARMLESS = frozenset(("delayed", "delivered", "relayed", "expanded"))


def returned_notice(parsed: ParsedLetter) -> Delivery | None:
    """The notice that a bounce speaks of, by the signed Message-ID of the returned letter (RFC 3464, or its text)."""
    for message_id in [*parsed.report.message_ids, *parsed.in_reply_to, *reversed(parsed.references)]:
        if signing.read_message_id(message_id):
            wanted = (message_id, f"<{message_id}>")
            if found := db.session.scalar(select(Delivery).where(Delivery.message_id.in_(wanted))):
                return found
    return None


def is_refusal(report: Report) -> bool:
    """Was the letter given up, rather than delayed or delivered?"""
    if report.action:
        return report.action not in _HARMLESS
    return not report.status.startswith(("2", "4"))


def mark_bounced(delivery: Delivery, report: Report, at: datetime) -> Ticket:
    """The notice did not arrive: shown, put before the manager, and no reason to close a request by silence."""
    ticket = db.session.get_one(Ticket, delivery.ticket_id)
    changed = db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state != DeliveryState.BOUNCED)
        .values(state=DeliveryState.BOUNCED, next_attempt_at=None, error=report.status or "returned", is_escalated=True)
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    ).first()
    if changed is None:
        return ticket
    db.session.refresh(delivery)
    ticket.close_at = None
    closing.settle(ticket)
    outbox.record(
        ticket,
        EventKind.BOUNCED,
        SYSTEM,
        at,
        recipient=delivery.recipient,
        status=report.status,
        notice=delivery.notice,
    )
    escalations.escalate(
        ticket, Cause.UNDELIVERED, SYSTEM, at, f"{delivery.recipient}: {report.status or 'не доставлено'}"
    )
    return ticket
