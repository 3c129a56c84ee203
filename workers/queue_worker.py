"""An RQ worker that trusts nothing it reads in Redis: it runs functions of ours, without arguments."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from workers import deadlines, inbox, notify, person_data, search

ALLOWED: dict[str, Callable[[], int]] = {
    "workers.notify.run": notify.run,
    "workers.inbox.run": inbox.run,
    "workers.deadlines.run": deadlines.run,
    "workers.search.run": search.run,
    "workers.person_data.run": person_data.run,
}
JOBS_PER_LIFE = 5000  # then the process is renewed
WORKER_TTL = 35  # seconds; a dead worker's job is noticed within two of them
MONITORING = 5
MAINTENANCE = 10
LOOK_EVERY = 0.5  # seconds, for a Redis that is away at the start


class DeskJob(Job):
    """A job whose function comes from our own table; callbacks, webhooks and arguments in Redis are ignored."""

    @property
    def func(self) -> Callable[[], int]:
        if self.func_name not in ALLOWED:
            raise ValueError(f"{self.func_name!r} is no job of this desk")
        return ALLOWED[self.func_name]

    def restore(self, raw_data: Any) -> Any:
        kept = {key: value for key, value in raw_data.items() if not _is_foreign(key)}
        return super().restore(kept)

    def _execute(self) -> Any:
        return self.func()


class DeskWorker(SimpleWorker):
    """Works in its own process: a job is a few lines of SQL, and a fork for each would cost more than the job."""

    job_class = DeskJob
    max_connection_wait_time = 3.0  # seconds; the bell is back as soon as Redis is

    def subscribe(self) -> None:
        """Take no commands from Redis: signals stop a worker."""

    def unsubscribe(self) -> None:
        """There is no subscription to end."""


def work(queue: str, redis_url: str) -> None:
    """Work on one queue until told to stop. One queue only: RQ claims without loss only then."""
    connection = Redis.from_url(
        redis_url, socket_connect_timeout=2, socket_timeout=WORKER_TTL + 10, retry=Retry(ConstantBackoff(0.2), 2)
    )
    _wait_for(connection)
    worker = DeskWorker(
        [Queue(queue, connection=connection, job_class=DeskJob, serializer=JSONSerializer)],
        connection=connection,
        job_class=DeskJob,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        job_monitoring_interval=MONITORING,
        maintenance_interval=MAINTENANCE,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING", max_jobs=JOBS_PER_LIFE)


def _wait_for(redis: Redis) -> None:
    """Meanwhile the clock does the work from SQL."""
    while True:
        try:
            redis.ping()
        except RedisError:
            time.sleep(LOOK_EVERY)
        else:
            return


def _is_foreign(key: bytes | str) -> bool:
    name = key.decode("ascii", "replace") if isinstance(key, bytes) else key
    return "callback" in name or name in {"webhooks", "dependency_ids", "dependency_id", "meta", "result"}
