"""`python -m workers.run`: JOB_WORKERS processes, each on one queue, forked from one loaded application."""

from __future__ import annotations

import os
from functools import partial

from app import bell, config, heartbeats, silence_watch
from workers import house, queue_worker
from workers.family import Child, Family

_OF_LETTERS = bell.QUEUES[:2]
_SEARCH_IS_NICE = 10  # words can wait a second for letters


def main() -> None:
    """Work on all queues until SIGTERM."""
    Family(children()).run()


def children() -> list[Child]:
    """The processes that work on the queues."""
    settings: config.Settings = house.desk_app().config[config.CONFIG_KEY]
    return [
        Child(f"{queue} {number}", partial(_work, queue, settings.redis_url))
        for number, queue in enumerate(shares(settings.job_workers), 1)
    ]


def shares(processes: int) -> list[str]:
    """The queue of each process: every queue has one, and those of letters share what there is beyond."""
    beyond = max(0, processes - len(bell.QUEUES))
    return [*bell.QUEUES, *(_OF_LETTERS[number % len(_OF_LETTERS)] for number in range(beyond))]


def _work(queue: str, redis_url: str) -> None:
    if queue not in _OF_LETTERS:
        os.nice(_SEARCH_IS_NICE)
    heartbeats.start(house.desk_app(), f"worker-{queue}", silence_watch.Watch().look)
    queue_worker.work(queue, redis_url)


if __name__ == "__main__":
    main()
