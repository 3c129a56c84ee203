"""The hub of one web process: a single listener on Redis passes each changed topic on to every open stream."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable

from redis import Redis
from redis.exceptions import RedisError

from app.bell import LIVE_CHANNEL

log = logging.getLogger(__name__)

SYNC = "sync"  # "something may have been missed: ask for everything anew"
DEAF = "deaf"  # "Redis is away: nothing will be heard until the next sync"
MOST_STREAMS = 220  # of one process; its other threads answer pages
MOST_WAITING = 200  # topics of a stream whose reader does not keep up
_RETRY = 2.0  # seconds until Redis is tried again
_IDLE = 10.0  # seconds of silence after which the connection is tried

Topics = queue.Queue[str]


class Hub:
    """Open streams of this process and what each may hear of; safe to use from many threads."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url
        self._streams: dict[Topics, Callable[[str], bool]] = {}
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None
        self._is_deaf = False

    def join(self, may_hear: Callable[[str], bool]) -> Topics | None:
        """A new stream of topics, or None when this process has as many as may be."""
        with self._lock:
            if len(self._streams) >= MOST_STREAMS:
                return None
            topics: Topics = queue.Queue(MOST_WAITING)
            self._streams[topics] = may_hear
            if self._is_deaf:
                topics.put_nowait(DEAF)
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="live", daemon=True)
                self._listener.start()
        return topics

    def leave(self, topics: Topics) -> None:
        with self._lock:
            self._streams.pop(topics, None)

    def publish(self, topic: str) -> None:
        """Pass a topic on to all who may hear of it; who does not keep up is told to ask for everything anew."""
        with self._lock:
            streams = list(self._streams.items())
        for topics, may_hear in streams:
            if topic not in {SYNC, DEAF} and not may_hear(topic):
                continue
            try:
                topics.put_nowait(topic)
            except queue.Full:
                _overflow(topics)

    def _listen(self) -> None:
        while True:
            try:
                self._hear()
            except (RedisError, OSError, ValueError, KeyError) as error:
                if not self._is_deaf:
                    log.warning("live updates wait for Redis (%s)", type(error).__name__)
                    self._is_deaf = True
                    self.publish(DEAF)
                time.sleep(_RETRY)
            except Exception:  # the only listener of this process must not die
                log.exception("live updates broke; they begin anew")
                self._is_deaf = True
                time.sleep(_RETRY)

    def _hear(self) -> None:
        client = Redis.from_url(self._redis_url, socket_connect_timeout=1)
        pubsub = client.pubsub()  # type: ignore[no-untyped-call]  # redis has no types here
        with client, pubsub as channel:
            channel.subscribe(LIVE_CHANNEL)
            while True:
                message = channel.get_message(timeout=_IDLE)
                if message is None:
                    channel.ping()  # raises where the connection is gone
                elif message["type"] == "message":
                    self.publish(str(json.loads(message["data"])["topic"]))
                elif message["type"] == "subscribe" and self._is_deaf:
                    self._is_deaf = False
                    self.publish(SYNC)


def _overflow(topics: Topics) -> None:
    while True:
        try:
            topics.get_nowait()
        except queue.Empty:
            break
    topics.put_nowait(SYNC)
