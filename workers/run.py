"""`python -m workers.run`: JOB_WORKERS processes, each on one queue, forked from one loaded application."""

from __future__ import annotations

from functools import partial

from app import bell, config, heartbeats, silence_watch
from workers import house, queue_worker
from workers.family import Child, Family


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
    """The queue of each process: every queue has at least one."""
    return [bell.QUEUES[number % len(bell.QUEUES)] for number in range(max(processes, len(bell.QUEUES)))]


def _work(queue: str, redis_url: str) -> None:
    heartbeats.start(house.desk_app(), f"worker-{queue}", silence_watch.Watch().look)
    queue_worker.work(queue, redis_url)


if __name__ == "__main__":
    main()
