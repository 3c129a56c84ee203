"""Pages to the firm's own service (SMS, voice): signed JSON, one post a message, tried again, given up visibly.

Whatever the receiver does, hang, drip or fail, costs one post's time of whoever posts, and nobody else's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import ColumnElement, select, update

from app import clock, database, durations, escalations, outbox
from app.config import settings
from app.extensions import db
from app.models.delivery import Delivery
from app.models.words import UNSETTLED, DeliveryChannel, DeliveryState
from app.notify.posting import post
from app.paging.telling import MOST_TOLD, Line, heading, lines
from app.translate import _
from app.troubles import Trouble

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # beyond one post
GIVE_UP_AFTER = timedelta(minutes=30)  # the next step of the ladder is a message of its own
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 600))


@dataclass(frozen=True)
class Post:
    """One message to hand over; an empty ``body``: nobody needs it any more."""

    delivery: Delivery
    body: bytes


def is_due() -> bool:
    """Whether a post may leave now."""
    with database.reading():
        found = db.session.scalar(select(Delivery.id).where(*_due(clock.now())).limit(1)) is not None
        db.session.rollback()
    return found


def send(limit: int = 20) -> int:
    """Post what is due; returns how many tries. After the first that fails the rest waits: there is one receiver."""
    tries = 0
    while tries < limit:
        taken = _take()
        if taken is None:
            break
        tries += 1
        trouble = _hand_over(taken) if taken.body else ""
        _note(taken, trouble)
        if trouble:
            break
    return tries


def _due(at: datetime) -> list[ColumnElement[bool]]:
    return [Delivery.next_attempt_at <= at, Delivery.channel == DeliveryChannel.WEBHOOK]


def _take() -> Post | None:
    """Claim the oldest by moving its moment on: a death costs one lease, and the receiver knows a repeat by its id."""
    with outbox.transaction():
        at = clock.now()
        query = select(Delivery).where(*_due(at)).order_by(Delivery.next_attempt_at, Delivery.id).limit(1)
        delivery = db.session.scalars(query.with_for_update(skip_locked=True)).first()
        if delivery is None:
            return None
        delivery.next_attempt_at, delivery.attempts, delivery.tried_at = at + LEASE, delivery.attempts + 1, at
        told = lines(delivery.id, at) if settings().page_webhook_url else []
        return Post(delivery, _body(delivery, told, at) if told else b"")


def _hand_over(given: Post) -> str:
    """Post it; returns what went wrong."""
    own, stamp = settings(), str(int(clock.now().timestamp()))
    headers = {"Content-Type": "application/json", "User-Agent": "HelpDesk", "X-HelpDesk-Timestamp": stamp}
    if own.page_webhook_secret:
        headers["X-HelpDesk-Signature"] = f"sha256={signature(own.page_webhook_secret, stamp, given.body)}"
    try:
        status = post(own.page_webhook_url, given.body, headers)
    except OSError as error:
        return _("нет ответа (%(error)s)", error=type(error).__name__)  # its own words may hold the address
    return "" if status // 100 == 2 else f"HTTP {status}"


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a dot and the body, in hex."""
    return hmac.digest(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hex()


def _note(taken: Post, trouble: str) -> None:
    at = clock.now()
    is_over = bool(trouble) and at - taken.delivery.created_at >= GIVE_UP_AFTER
    values: dict[str, Any] = {"next_attempt_at": None}
    if not taken.body:
        values |= {"state": DeliveryState.FAILED, "error": _("Не отправлено: за это время устарело.")}
    elif not trouble:
        values |= {"state": DeliveryState.ACCEPTED, "accepted_at": at, "error": ""}
    elif is_over:
        values |= {"state": DeliveryState.FAILED, "error": trouble}
    else:
        pause = _PAUSES[min(taken.delivery.attempts, len(_PAUSES)) - 1]
        values |= {"next_attempt_at": at + pause, "error": trouble}
    with outbox.transaction():
        mine = (Delivery.id == taken.delivery.id, Delivery.state.in_(UNSETTLED))
        db.session.execute(
            update(Delivery).where(*mine).values(values), execution_options={"synchronize_session": False}
        )
        if trouble:
            log.warning("The webhook for pages did not take a message: %s", trouble)
            _wait(at + _PAUSES[0], at)
        elif taken.body:
            escalations.settle_system(Trouble.PAGE_WEBHOOK, at)
        if is_over:
            text = _(
                "Вебхук для вызовов (PAGE_WEBHOOK_URL) не принимает: %(error)s. Почта и Telegram идут без него.",
                error=trouble,
            )
            escalations.report_system(Trouble.PAGE_WEBHOOK, text, at)


def _wait(until: datetime, at: datetime) -> None:
    """What else is due waits as well: the same receiver would take it no better."""
    db.session.execute(
        update(Delivery).where(*_due(at)).values(next_attempt_at=until),
        execution_options={"synchronize_session": False},
    )


def _body(delivery: Delivery, told: list[Line], at: datetime) -> bytes:
    with force_locale(settings().language):
        message = {
            "id": delivery.message_id.strip("<>"),
            "at": durations.iso(at),
            "attempt": delivery.attempts,
            "text": _text(told),
            "url": f"{settings().public_url}/escalations",
            "escalations": [_escalation(line, delivery.data.get("calls", {})) for line in told],
        }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _text(told: list[Line]) -> str:
    """What a service that speaks or writes an SMS can say as it is."""
    said = ". ".join(line.subject for line in told[:MOST_TOLD])
    return said if len(told) == 1 else f"{heading(told)}. {said}"


def _escalation(line: Line, calls: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": line.escalation_id,
        "cause": line.cause.value,
        "number": line.number or None,
        "opened_at": durations.iso(line.opened_at),
        "what": line.headline,
        "title": line.title or line.detail,
        "url": line.link,
        "people": calls.get(str(line.escalation_id), []),
    }
