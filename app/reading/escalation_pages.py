"""Who was called for an escalation, step by step, and what became of each message: lines of its log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import select

from app.escalations import visible
from app.extensions import db
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.page import Page
from app.models.staff import Staff
from app.models.words import DeliveryChannel, DeliveryState
from app.names import surname
from app.reading.reader import Reader
from app.translate import _

MOST = 200  # lines of one escalation; the newest
_PAGES = (
    select(Page.escalation_id, Page.id, Page.channel, Page.recipient, Page.made_at, Staff.name)
    .add_columns(Delivery.state, Delivery.error, Delivery.attempts)
    .join(Delivery, Delivery.id == Page.delivery_id)
    .outerjoin(Staff, Staff.id == Page.staff_id)
    .order_by(Page.id.desc())
)


@dataclass(frozen=True, slots=True)
class Call:
    """One step to one address: «23:04», «Смирнов, Telegram», «принято»."""

    at: str
    whom: str
    outcome: str
    is_lost: bool


def calls(escalation_ids: Sequence[int], reader: Reader) -> dict[int, list[Call]]:
    """The calls of each of these escalations, oldest first; one query."""
    found: dict[int, list[Call]] = defaultdict(list)
    query = _PAGES.where(Page.escalation_id.in_(escalation_ids)).limit(MOST * max(1, len(escalation_ids)))
    for one in reversed(db.session.execute(query).all() if escalation_ids else ()):
        found[one.escalation_id].append(_call(one, reader))
    return found


def calls_of(escalation: Escalation, reader: Reader) -> list[Call]:
    """The calls for a request's open escalations together: a message that told of several is one line."""
    query = _PAGES.where(Page.escalation_id == escalation.id)
    if escalation.ticket_id is not None and escalation.resolved_at is None:
        together = (Escalation.ticket_id == escalation.ticket_id, Escalation.resolved_at.is_(None))
        query = _PAGES.join(Escalation, Escalation.id == Page.escalation_id)
        query = query.where(*together, visible(reader.staff_id))
    query = query.limit(MOST)
    return list(dict.fromkeys(_call(one, reader) for one in reversed(db.session.execute(query).all())))


def _call(one: Columns[Any], reader: Reader) -> Call:
    is_lost = one.state in {DeliveryState.FAILED, DeliveryState.BOUNCED}
    return Call(reader.time_or_day(one.made_at), _whom(one), _outcome(one), is_lost)


def _whom(one: Columns[Any]) -> str:
    if one.channel is DeliveryChannel.WEBHOOK:
        return _("вебхук")
    way = "Telegram" if one.channel is DeliveryChannel.TELEGRAM else _("письмо")
    return f"{surname(one.name) if one.name else one.recipient}, {way}"


def _outcome(one: Columns[Any]) -> str:
    match one.state:
        case DeliveryState.ACCEPTED:
            return _("принято")
        case DeliveryState.SENT:
            return _("передано, ответа ещё нет")
        case DeliveryState.BOUNCED:
            return _("вернулось: %(error)s", error=one.error)
        case DeliveryState.FAILED:
            return _("не доставлено: %(error)s", error=one.error)
    return _("пробуем ещё: %(error)s", error=one.error) if one.error else _("ждёт отправки")
