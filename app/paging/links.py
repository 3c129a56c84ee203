"""The link in a letter of pages: signed, for that letter and its reader, good for a day; looking changes nothing."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app import signing
from app.actor import Actor
from app.config import settings
from app.extensions import db
from app.models.delivery import Delivery
from app.models.page import Page
from app.models.staff import Staff
from app.models.words import ActorKind, Channel, DeliveryChannel, Role
from app.paging.messages import NOTICE
from app.rows import find_row, typed_id

LIVES = timedelta(days=1)


@dataclass(frozen=True)
class Opened:
    """A link that was right. ``by``: in whose name it acts; None where that is nobody's any more, or too late."""

    delivery_id: int
    by: Actor | None


def link(delivery: Delivery) -> str:
    return f"{settings().public_url}/pages/{token_of(delivery)}"


def token_of(delivery: Delivery) -> str:
    seal = signing.sign("page", f"{delivery.id}:{delivery.recipient}")[:18]
    return f"{delivery.id}.{base64.urlsafe_b64encode(seal).decode()}"


def opened(token: str, at: datetime) -> Opened | None:
    """What a link opens; None: it is none of ours."""
    delivery = find_row(Delivery, typed_id(token.partition(".")[0]))
    if delivery is None or delivery.notice != NOTICE or delivery.channel is not DeliveryChannel.EMAIL:
        return None
    if not hmac.compare_digest(token.encode(), token_of(delivery).encode()):
        return None
    return Opened(delivery.id, _reader(delivery) if at <= delivery.created_at + LIVES else None)


def _reader(delivery: Delivery) -> Actor | None:
    """The member of staff whose letter it is, while they work here; the head address acts in its own name."""
    query = select(Page.staff_id).where(Page.delivery_id == delivery.id).limit(1)
    staff_id = db.session.scalar(query)
    if staff_id is None:
        is_heads = delivery.recipient == settings().head_email
        head = Actor(ActorKind.STAFF, delivery.recipient, Channel.EMAIL, role=Role.MANAGER)
        return head if is_heads else None
    staff = db.session.get(Staff, staff_id)
    return Actor.of_staff(staff, Channel.EMAIL) if staff and not staff.is_disabled else None
