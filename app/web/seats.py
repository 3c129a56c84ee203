"""How many streams one person has open, over all web processes; kept in Redis and forgotten with it."""

from __future__ import annotations

import secrets
import time

from redis import Redis
from redis.exceptions import RedisError

STALE_AFTER = 30  # seconds; a process that was killed gives its seats back by then


class Seat:
    """One stream of one person."""

    def __init__(self, redis: Redis, owner: int, most: int) -> None:
        self._redis, self._most = redis, most
        self._key, self._name = f"hd:streams:{owner}", secrets.token_hex(8)

    def take(self) -> bool:
        """False when the person has as many as may be; without Redis nobody counts."""
        try:
            self._redis.zremrangebyscore(self._key, 0, time.time() - STALE_AFTER)
            self._write()
            return int(self._redis.zcard(self._key)) <= self._most
        except (RedisError, OSError):
            return True

    def keep(self) -> None:
        """Say that the stream is still open."""
        try:
            self._write()
        except (RedisError, OSError):
            return

    def leave(self) -> None:
        try:
            self._redis.zrem(self._key, self._name)
        except (RedisError, OSError):
            return

    def _write(self) -> None:
        self._redis.zadd(self._key, {self._name: time.time()})
        self._redis.expire(self._key, STALE_AFTER)
