"""Letters that belong to no request: owed here, written and sent by ``app.notify`` as all others are."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from app import outbox, signing
from app.extensions import db
from app.models.delivery import Delivery
from app.models.words import DeliveryChannel, DeliveryState


def owe(
    notice: str, recipient: str, at: datetime, *, until: datetime | None = None, message_id: str = "", **data: Any
) -> Delivery:
    """Owe one letter, in the caller's transaction. ``notice`` names its templates, ``data`` is what they tell (JSON).

    After ``until`` nobody needs it any more: it is not sent. ``message_id``: one of ours that an answer is known by.
    """
    delivery = Delivery(
        notice=notice,
        channel=DeliveryChannel.EMAIL,
        recipient=recipient.strip().lower(),
        is_for_customer=False,  # of no request's customer: the order and the alarms of notices are not for it
        state=DeliveryState.WAITING,
        message_id=message_id or signing.standalone_id(secrets.token_hex(12)),
        created_at=at,
        next_attempt_at=at,
        data={**data, **({"until": until.isoformat()} if until else {})},
    )
    db.session.add(delivery)
    outbox.ring(outbox.NOTIFY)
    return delivery
