"""Our own letters that came back: which notice it was, that its recipient was not told, and how the address fares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app import bouncing, escalations, outbox, signing
from app.actor import SYSTEM
from app.extensions import db
from app.intake.mime.letter import ParsedLetter, Report
from app.models.delivery import Delivery
from app.models.ticket import Ticket
from app.models.words import Cause, DeliveryChannel, DeliveryState, EventKind
from app.tickets import closing

_HARMLESS = frozenset(("delayed", "delivered", "relayed", "expanded"))
_GUESSED_WITHIN = timedelta(days=7)
_COUNTED = "bounce_points"  # what a delivery has already cost its address: a delay and then a failure are one bounce


@dataclass(frozen=True)
class Returned:
    """The notice that a report speaks of. ``is_proven``: by a signature of ours, and not by an address alone."""

    delivery: Delivery
    is_proven: bool = True


def hear(parsed: ParsedLetter, recipients: Iterable[str], at: datetime) -> Ticket | None:
    """Write down what a report says of a notice of ours; its request, or None where it has none.

    ``recipients``: of the envelope, as far as the road knows them: among them may be the envelope sender of our letter.
    """
    returned = _returned(parsed, recipients, at)
    if returned is None:
        return None
    delivery, report = returned.delivery, parsed.report
    if returned.is_proven:  # anybody can write a report that names an address: that must silence nobody
        _count(delivery, report, at)
    if is_refusal(report):
        for each in (delivery, *_told_together(delivery)):
            _mark(each, report, at)
    return db.session.get_one(Ticket, delivery.ticket_id) if delivery.ticket_id else None


def _returned(parsed: ParsedLetter, recipients: Iterable[str], at: datetime) -> Returned | None:
    """By the envelope sender, by the Message-ID of the returned letter or in its text, by recipient and time (57)."""
    addressed = [*recipients, *parsed.delivered_to, *(box.email for box in parsed.to)]
    for address in dict.fromkeys(addressed):
        delivery_id = signing.read_bounce_address(address)
        if delivery_id and (found := db.session.get(Delivery, delivery_id)):
            return Returned(found)
    for message_id in [*parsed.report.message_ids, *parsed.in_reply_to, *reversed(parsed.references)]:
        if signing.read_message_id(message_id) or signing.read_complaint(message_id):
            wanted = (message_id, f"<{message_id}>")
            if found := db.session.scalar(select(Delivery).where(Delivery.message_id.in_(wanted))):
                return Returned(found)
    return _guessed(parsed.report, at)


def is_refusal(report: Report) -> bool:
    """Was the letter given up, rather than delayed or delivered?"""
    if report.action:
        return report.action not in _HARMLESS
    return not report.status.startswith(("2", "4"))


def _mark(delivery: Delivery, report: Report, at: datetime) -> None:
    """The notice did not arrive: shown, put before the manager, and no reason to close a request by silence."""
    changed = db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state != DeliveryState.BOUNCED)
        .values(state=DeliveryState.BOUNCED, next_attempt_at=None, error=report.status or "returned", is_escalated=True)
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    ).first()
    if changed is None:
        return
    db.session.refresh(delivery)
    if delivery.ticket_id is not None:
        _tell(db.session.get_one(Ticket, delivery.ticket_id), delivery, report.status, at)


def _tell(ticket: Ticket, delivery: Delivery, status: str, at: datetime) -> None:
    """The request shows it; where the customer is the one who was not told, somebody has to call them."""
    outbox.record(
        ticket, EventKind.BOUNCED, SYSTEM, at, recipient=delivery.recipient, status=status, notice=delivery.notice
    )
    if not delivery.is_for_customer:
        return
    db.session.flush()
    ticket.close_at = None
    closing.settle(ticket)
    escalations.escalate(ticket, Cause.UNDELIVERED, SYSTEM, at, f"{delivery.recipient}: {status or 'не доставлено'}")


def _count(delivery: Delivery, report: Report, at: datetime) -> None:
    is_soft = not is_refusal(report)
    if is_soft and report.action != "delayed" and not report.status.startswith("4"):
        return  # delivered after all, or only passed on
    points = bouncing.SOFT if is_soft else bouncing.weight(report.status)
    before = int(delivery.data.get(_COUNTED, 0))
    if points > before:
        bouncing.count(delivery.recipient, report.status, points - before, at)
        delivery.data = {**delivery.data, _COUNTED: points}
        db.session.flush()


def _told_together(delivery: Delivery) -> Sequence[Delivery]:
    """The other notices of a digest: several requests in one letter, handed over at one moment."""
    if delivery.notice != "registered" or delivery.tried_at is None:
        return ()
    query = select(Delivery).where(
        Delivery.recipient == delivery.recipient,
        Delivery.tried_at == delivery.tried_at,
        Delivery.notice == delivery.notice,
        Delivery.channel == delivery.channel,
        Delivery.id != delivery.id,
    )
    return db.session.scalars(query.order_by(Delivery.id)).all()


def _guessed(report: Report, at: datetime) -> Returned | None:
    """The last letter of these days to the address that the report names; a guess, but better than silence."""
    if report.kind != "delivery-status" or not report.recipients:
        return None
    query = (
        select(Delivery)
        .where(
            Delivery.recipient.in_([one.lower() for one in report.recipients]),
            Delivery.channel == DeliveryChannel.EMAIL,
            Delivery.tried_at > at - _GUESSED_WITHIN,
            Delivery.state.in_((DeliveryState.SENT, DeliveryState.ACCEPTED)),
        )
        .order_by(Delivery.tried_at.desc(), Delivery.id.desc())
        .limit(1)
    )
    found = db.session.scalars(query).first()
    return Returned(found, is_proven=False) if found else None
