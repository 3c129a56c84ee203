"""The sweep of pages: what is owed becomes rows and messages, in one transaction, however many sweep at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import clock, database, locks, outbox
from app.config import settings
from app.extensions import db
from app.locks import Lock
from app.models.chat import Chat
from app.models.page import Page
from app.models.words import DeliveryChannel
from app.paging import messages, people, set_back, waiting
from app.paging.ladder import Kind
from app.paging.people import Called
from app.paging.waiting import Owed
from app.pairing import Wish, wants

# TRUST A14: of urgent requests from addresses that nobody vouched for, one reader gets so many messages in that time.
MOST_UNCONFIRMED, UNCONFIRMED_SPAN = 5, timedelta(minutes=10)


@dataclass(frozen=True)
class Way:
    """One address of one person, by one channel."""

    channel: DeliveryChannel
    recipient: str
    staff_id: int | None


def sweep() -> int:
    """Make every step that is owed now; returns how many rows. Safe to run twice at once, and after any death."""
    at = clock.now()
    set_back.mend(at)
    with database.reading():
        is_owed = bool(waiting.steps(at))
        db.session.rollback()
    if not is_owed:
        return 0
    with outbox.transaction():
        locks.wait_for(Lock.PAGES)
        return _make(_within_caps(waiting.steps(at), at), at)


def _make(steps: Sequence[Owed], at: datetime) -> int:
    """One message to each address, whatever number of steps it tells of."""
    if not steps:
        return 0
    there = people.at(at)
    called = {owed: there.called(owed) for owed in steps}
    chats = _chats({one.staff_id for several in called.values() for one in several if one.staff_id})
    told: dict[Way, list[Owed]] = defaultdict(list)
    for owed, several in called.items():
        for way in _ways(owed, several, chats):
            told[way].append(owed)
    for way, several_owed in told.items():
        delivery_id = messages.owe(way.channel, way.recipient, at, _names(several_owed, called))
        db.session.add_all(_row(owed, way, delivery_id, at) for owed in several_owed)
    for owed in steps:
        if len(owed.hidden_from) < 2:  # whom it is not for hears of no change either; others look every half a minute
            outbox.changed(outbox.kept_from(next(iter(owed.hidden_from), None), outbox.ESCALATIONS_TOPIC))
    return sum(map(len, told.values()))


def _ways(owed: Owed, called: Iterable[Called], chats: dict[int, list[Chat]]) -> Iterable[Way]:
    for one in called:
        yield Way(DeliveryChannel.EMAIL, one.email, one.staff_id)
        for chat in chats.get(one.staff_id or 0, ()):
            if owed.kind is not Kind.DAY or wants(chat, Wish.ESCALATION):
                yield Way(DeliveryChannel.TELEGRAM, str(chat.id), one.staff_id)
    if settings().page_webhook_url:
        yield Way(DeliveryChannel.WEBHOOK, messages.WEBHOOK, None)


def _chats(staff_ids: set[int]) -> dict[int, list[Chat]]:
    """Open chats by whose they are."""
    found: dict[int, list[Chat]] = defaultdict(list)
    if settings().telegram_bot_token:
        query = select(Chat).where(Chat.staff_id.in_(staff_ids), Chat.blocked_at.is_(None)).order_by(Chat.id)
        for chat in db.session.scalars(query):
            found[chat.staff_id or 0].append(chat)
    return found


def _names(several: Iterable[Owed], called: dict[Owed, list[Called]]) -> dict[str, list[dict[str, str]]]:
    """Whom each escalation of a message calls: what a service that telephones has to know."""
    return {
        str(owed.escalation_id): [{"name": one.name, "email": one.email} for one in called[owed]] for owed in several
    }


def _row(owed: Owed, way: Way, delivery_id: int, at: datetime) -> Page:
    return Page(
        escalation_id=owed.escalation_id,
        since=owed.since,
        step=owed.step,
        channel=way.channel,
        recipient=way.recipient,
        staff_id=way.staff_id,
        delivery_id=delivery_id,
        made_at=at,
        is_unconfirmed=owed.is_unconfirmed,
    )


def _within_caps(steps: list[Owed], at: datetime) -> list[Owed]:
    """Without those of a flood while its readers have had enough; they are owed still, and leave later in one message.

    The cap holds back pages alone: no promise, and no request that somebody vouched for.
    """
    count = func.count(Page.delivery_id.distinct())
    newest = select(count).where(Page.is_unconfirmed, Page.made_at > at - UNCONFIRMED_SPAN)
    busiest = newest.group_by(Page.recipient, Page.channel).order_by(count.desc()).limit(1)
    if (db.session.scalar(busiest) or 0) < MOST_UNCONFIRMED:
        return steps
    return [owed for owed in steps if not owed.is_unconfirmed]
