"""The bell: Redis wakes workers and open pages; the work itself stands in SQL, so a lost bell costs only time."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from redis import Redis
from redis.exceptions import RedisError

from app.config import settings
from app.extensions import REDIS_PATIENCE, redis_client, redis_options

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

QUEUES = ("notify", "inbox", "search")
JOBS = {
    "notify": ("notify", "workers.notify.run"),
    "inbox": ("inbox", "workers.inbox.run"),
    "deadlines": ("inbox", "workers.deadlines.run"),
    "search": ("search", "workers.search.run"),
    "person_data": ("search", "workers.person_data.run"),
}
"""What can be rung for: the queue that carries it and the function, by its dotted name, that does it."""

WAITERS = {"telegram": ("telegram:in", "telegram:out")}
"""What processes of their own wait for, each of its parts at a list of one: no queue and no jobs."""

LIVE_CHANNEL = "hd:live"
FULL = 20  # waiting jobs; all of them do the same, so more would only be a heap for a worker that comes back
BELL_LIVES = 30  # seconds; a bell whose job was lost with a worker rings again after that
JOB_TIMEOUT = 300  # seconds
FAILURES_KEPT = 24 * 3600  # seconds
LONGEST_WAIT = 1.0  # seconds
SILENCE_AFTER_FAILURE = 5.0  # seconds in which nobody waits for a dead Redis again

_silent_until = 0.0


def ring(name: str) -> bool:
    """Queue one job, unless one is waiting already, or wake who waits; False when Redis did not answer."""
    if name in WAITERS:
        return _tell(lambda redis: _wake(redis, WAITERS[name]))
    return _tell(lambda redis: _enqueue_once(redis, name))


def wait(part: str, seconds: float) -> None:
    """Sleep until ``part`` of WAITERS is rung for, at most ``seconds`` (up to LONGEST_WAIT); without Redis, so long."""
    end = time.monotonic() + seconds
    if time.monotonic() >= _silent_until:
        try:
            _waiting_client(settings().redis_url).blpop([_bell_key(part)], timeout=seconds)
            return
        except (RedisError, OSError):
            pass  # who rings finds out; who waits looks into SQL
    time.sleep(max(0.0, end - time.monotonic()))


def cleared(name: str) -> bool:
    """Let the next ring through: a job calls this before it reads SQL, so that no later work is overlooked."""
    return _tell(lambda redis: redis.delete(_bell_key(name)))


def ring_slot(name: str, slot: int, seconds: int) -> bool:
    """Queue one job for a slot of time, however many clocks try; False when Redis did not answer."""
    return _tell(lambda redis: _enqueue_slot(redis, name, slot, seconds))


def publish(topics: Iterable[str | Mapping[str, Any]]) -> bool:
    """Tell open pages which topics changed; a plain string stands for ``{"topic": …}``."""
    messages = [{"topic": topic} if isinstance(topic, str) else dict(topic) for topic in topics]
    return not messages or _tell(lambda redis: _publish(redis, messages))


def ask(question: Callable[[Redis], Answer]) -> Answer | None:
    """What Redis knows for a moment only; None while it does not answer."""
    answers: list[Answer] = []
    _tell(lambda redis: answers.append(question(redis)))
    return answers[0] if answers else None


def is_answering() -> bool:
    """Whether Redis answers now; asks again at once, whatever was known."""
    global _silent_until
    _silent_until = 0.0
    return _tell(lambda redis: redis.ping())


def _tell(act: Callable[[Redis], object]) -> bool:
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        act(redis_client(settings().redis_url))
    except (RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENCE_AFTER_FAILURE
        log.warning("Redis does not answer (%s); the clock does the work from SQL", type(error).__name__)
        return False
    return True


def _enqueue_once(redis: Redis, name: str) -> None:
    if redis.set(_bell_key(name), 1, nx=True, ex=BELL_LIVES):
        _enqueue(redis, name)


def _enqueue_slot(redis: Redis, name: str, slot: int, seconds: int) -> None:
    if redis.set(f"hd:clock:{name}:{slot}", 1, nx=True, ex=max(60, 3 * seconds)):
        _enqueue(redis, name)


def _enqueue(redis: Redis, name: str) -> None:
    from rq import Queue
    from rq.serializers import JSONSerializer

    queue_name, function = JOBS[name]
    queue = Queue(queue_name, connection=redis, serializer=JSONSerializer)
    if queue.count < FULL:
        queue.enqueue(function, job_timeout=JOB_TIMEOUT, result_ttl=0, failure_ttl=FAILURES_KEPT)


def _wake(redis: Redis, parts: Iterable[str]) -> None:
    with redis.pipeline(transaction=False) as pipeline:
        for part in parts:
            pipeline.lpush(_bell_key(part), 1)
            pipeline.ltrim(_bell_key(part), 0, 0)
            pipeline.expire(_bell_key(part), BELL_LIVES)
        pipeline.execute()


@lru_cache(maxsize=4)
def _waiting_client(url: str) -> Redis:
    """Waiting is no silence: it gets more patience than a ring."""
    return Redis.from_url(url, **{**redis_options(), "socket_timeout": LONGEST_WAIT + REDIS_PATIENCE})


def _publish(redis: Redis, messages: list[dict[str, Any]]) -> None:
    for message in messages:
        redis.publish(LIVE_CHANNEL, json.dumps(message, separators=(",", ":")))


def _bell_key(name: str) -> str:
    return f"hd:bell:{name}"
