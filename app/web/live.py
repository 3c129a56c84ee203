"""The one event stream of a browser: which topics changed, and what its queue would fetch because of it."""

from __future__ import annotations

import queue
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request
from flask.ctx import AppContext
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app import database, sessions
from app.actor import Actor
from app.config import settings
from app.extensions import db, redis_client
from app.outbox import COMPLAINTS_TOPIC, ESCALATIONS_TOPIC
from app.policy import Act, may
from app.web.carried import CarriedQueue
from app.web.hub import DEAF, SYNC, Hub, Topics
from app.web.seats import Seat

MOST_OF_ONE_PERSON = 25
PING_EVERY = 15.0  # seconds
WRITE_EVERY = 3.0  # seconds; only a write shows that the browser is gone and its seat free
CHECK_EVERY = 8.0  # seconds; a stream outlives its session by no more
GATHER = 0.02  # seconds in which topics of one commit travel together
_AUDIENCE = re.compile("[!@]")  # behind it stands who may not hear of a topic, or who alone may

bp = Blueprint("live", __name__)


@bp.get("/live")
def stream() -> ResponseReturnValue:
    hub: Hub = current_app.extensions.setdefault("live hub", Hub(settings().redis_url))
    actor, key = current_user.actor, current_user.key
    owner = actor.staff_id or 0
    seat = Seat(redis_client(settings().redis_url), owner, MOST_OF_ONE_PERSON)
    topics = hub.join(lambda topic: _may_hear(actor, topic)) if seat.take() else None
    if topics is None:
        seat.leave()
        return "", 204

    def end() -> None:
        hub.leave(topics)
        seat.leave()

    db.session.remove()
    carried = CarriedQueue.of(request, current_app.wsgi_app, current_app.url_map)
    response = Response(_events(_House.of_this_process(), topics, key, seat, carried), mimetype="text/event-stream")
    response.call_on_close(end)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


@dataclass(frozen=True)
class _House:
    """What a stream needs of the application once its request is over."""

    app_context: Callable[[], AppContext]
    is_serving: Callable[[], bool]

    @classmethod
    def of_this_process(cls) -> _House:
        return cls(current_app.app_context, current_app.extensions.get("is_serving", lambda: True))


def _may_hear(actor: Actor, topic: str) -> bool:
    topic, _at, for_one = topic.partition("@")
    if for_one:
        return for_one == str(actor.staff_id)
    name, _mark, not_for = topic.partition("!")
    if not_for and not_for == str(actor.staff_id):
        return False
    return name not in {ESCALATIONS_TOPIC, COMPLAINTS_TOPIC} or may(actor, Act.MANAGE)


def _events(house: _House, topics: Topics, key: str, seat: Seat, carried: CarriedQueue | None) -> Iterator[str]:
    """Runs outside of any request and holds no database session while it waits."""
    pinged = checked = written = time.monotonic()
    yield "retry: 2000\nevent: ping\ndata: \n\n"
    while house.is_serving():
        yield from _told(_heard(topics), carried)
        moment = time.monotonic()
        if moment - checked >= CHECK_EVERY:
            checked = moment
            seat.keep()
            if not _is_signed_in(house, key):
                return
        if moment - pinged >= PING_EVERY:
            pinged = moment
            yield "event: ping\ndata: \n\n"
        elif moment - written >= WRITE_EVERY:
            written = moment
            yield ":\n\n"


def _heard(topics: Topics) -> set[str]:
    """What changed within a moment, or nothing after a second."""
    try:
        changed = {topics.get(timeout=1)}
    except queue.Empty:
        return set()
    time.sleep(GATHER)
    while True:
        try:
            changed.add(topics.get_nowait())
        except queue.Empty:
            return changed


def _told(changed: set[str], carried: CarriedQueue | None) -> Iterator[str]:
    told = changed & {SYNC, DEAF}
    if told:  # of both, the sync came last: Redis is back
        yield f"event: {SYNC if SYNC in told else DEAF}\ndata: \n\n"
        return
    names = sorted({_AUDIENCE.split(topic)[0] for topic in changed})
    rows = carried.rows(names) if carried else ()
    if told_now := "".join([*rows, *(f"data: {name}\n\n" for name in names)]):
        yield told_now  # in one piece: for each write a thread waits
    if carried:
        yield from carried.counts()


def _is_signed_in(house: _House, key: str) -> bool:
    with house.app_context(), database.reading():
        try:
            return sessions.load(key) is not None
        except SQLAlchemyError:
            return True  # a database that is away signs nobody out; the next check asks again
