"""The one door to history and to the database's commit: what is recorded is committed first, then the bell rings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm.exc import StaleDataError

from app import bell, failpoint
from app.actor import Actor
from app.errors import IllegalMove
from app.extensions import db
from app.models.event import Event
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import EventKind

NOTIFY, INBOX, DEADLINES, TELEGRAM = "notify", "inbox", "deadlines", "telegram"
QUEUE_TOPIC, ESCALATIONS_TOPIC, COMPLAINTS_TOPIC = "queue", "escalations", "complaints"
_OVERTAKEN = "Заявку только что изменил кто-то другой. Обновите страницу и повторите."
_RINGS, _TOPICS = "bell rings", "bell topics"


def record(
    ticket: Ticket,
    kind: EventKind,
    by: Actor,
    at: datetime,
    *,
    message: Message | None = None,
    drain_at: datetime | None = None,
    is_confidential: bool = False,
    **data: Any,
) -> Event:
    """Add one row of history; notices are derived from it from ``drain_at`` (default ``at``) on.

    ``is_confidential``: not for everybody who sees the request, so nothing else of the request shows that it happened;
    no notice is derived from it.
    """
    if is_confidential:
        data["is_silent"] = True
    event = Event(
        ticket_id=ticket.id,
        kind=kind,
        at=at,
        actor_kind=by.kind,
        actor_name=by.name,
        staff_id=by.staff_id,
        channel=by.channel,
        message_id=message.id if message else None,
        data=data,
        drain_at=drain_at or at,
    )
    db.session.add(event)
    if is_confidential:
        return event
    ticket.touched_at = max(ticket.touched_at, at)
    changed(f"ticket:{ticket.number}", QUEUE_TOPIC)
    ring(NOTIFY)
    return event


def silence(*which: ColumnElement[bool]) -> Sequence[dict[str, Any]]:
    """Keep notices of these events from being derived; what each event holds, and none where a worker was faster."""
    stopped = db.session.scalars(
        update(Event).where(*which, Event.drain_at.is_not(None)).values(drain_at=None).returning(Event.data),
        execution_options={"synchronize_session": False},
    )
    return stopped.all()


def changed(*topics: str) -> None:
    """After the commit, tell open pages that these topics changed."""
    db.session().info.setdefault(_TOPICS, set()).update(topics)


def notices_changed(number: str) -> None:
    """After the commit, tell open pages of a request that its notices went on; its rows in lists show none."""
    changed(f"notices:{number}")


def kept_from(staff_id: int | None, topic: str) -> str:
    """The topic as all hear it but one: ``escalations!7``; without anybody to keep it from, the topic itself."""
    return topic if staff_id is None else f"{topic}!{staff_id}"


def told_to(staff_id: int, topic: str) -> str:
    """The topic as one member of staff alone hears it: ``ticket:482173@7``."""
    return f"{topic}@{staff_id}"


def ring(queue: str) -> None:
    """After the commit, wake the workers of a queue."""
    db.session().info.setdefault(_RINGS, set()).add(queue)


def poke(ticket_id: int, at: datetime) -> None:
    """Have the next sweep look at a request: a notice was accepted or came back. Bumps no version, disturbs no verb."""
    db.session.execute(
        update(Ticket).where(Ticket.id == ticket_id).values(poked_at=at),
        execution_options={"synchronize_session": False},
    )
    ring(DEADLINES)


def commit() -> None:
    """Commit, then ring. A colleague who was faster with the same request is an IllegalMove (409)."""
    session = db.session()
    failpoint.reach("before commit")
    try:
        session.commit()
    except StaleDataError as error:
        take_back()
        raise IllegalMove(_OVERTAKEN) from error
    failpoint.reach("after commit")
    topics: set[str] = session.info.pop(_TOPICS, set())
    rings: set[str] = session.info.pop(_RINGS, set())
    if topics:
        bell.publish(sorted(topics))
    for queue in sorted(rings):
        bell.ring(queue)
    failpoint.reach("after the bell")


@contextmanager
def transaction() -> Iterator[None]:
    """Commit at the end of the block, or take everything back when it raises."""
    try:
        yield
        commit()
    except StaleDataError as error:  # met by a flush on the way
        take_back()
        raise IllegalMove(_OVERTAKEN) from error
    except BaseException:
        take_back()
        raise


def take_back() -> None:
    """Roll back, and drop the rings of what was taken back."""
    session = db.session()
    session.rollback()
    session.info.pop(_TOPICS, None)
    session.info.pop(_RINGS, None)
