"""Whether the applicant of a request is told what we write: what a colleague must know before they write more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.models.delivery import Delivery
from app.models.ticket import Ticket
from app.models.words import DeliveryState, State
from app.reading.reader import Reader
from app.translate import _

_Later = aliased(Delivery)
UNTOLD = (
    select(Delivery.recipient + ": " + Delivery.error)
    .where(
        Delivery.ticket_id == Ticket.id,
        Delivery.state.in_((DeliveryState.FAILED, DeliveryState.BOUNCED)),
        Delivery.is_for_customer.is_(True),
        ~exists().where(
            _Later.ticket_id == Delivery.ticket_id,
            _Later.event_id >= Delivery.event_id,
            _Later.state == DeliveryState.ACCEPTED,
            _Later.is_for_customer.is_(True),
        ),
    )
    .order_by(Delivery.id.desc())
    .limit(1)
    .scalar_subquery()
)
"""Of a request: to whom the last news did not get, and why; nothing where it did, or where later news did."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """``untold``: the last news did not arrive. ``returned``: letters to the address come back, we write less there."""

    untold: str = ""
    returned: str = ""
    phone: str = ""


def unreached(ticket: Columns[Any], reader: Reader) -> Unreached | None:
    """What to warn of on the page of a request that is not closed; None where everything arrives."""
    is_stopped = ticket.stopped_until is not None and ticket.stopped_until > reader.at
    if ticket.state is State.CLOSED or not (ticket.untold or is_stopped):
        return None
    untold = _("Клиент не оповещён, позвоните. %(why)s", why=ticket.untold[:300]) if ticket.untold else ""
    return Unreached(untold, _returned(ticket, reader) if is_stopped else "", ticket.applicant_phone or "")


def _returned(ticket: Columns[Any], reader: Reader) -> str:
    return _(
        "Письма на %(address)s возвращаются (%(status)s), поэтому до %(day)s сами мы туда не пишем. "
        "Ваше письмо уйдёт, но лучше позвонить.",
        address=ticket.applicant_email,
        status=ticket.bounce_status or _("без причины"),
        day=reader.short_moment(ticket.stopped_until),
    )
