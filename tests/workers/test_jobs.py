"""Jobs: rung, done, noted; nothing that is read in Redis is trusted; without Redis the clock does the work."""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

import workers.deadlines
from app import bell, clock, files
from app.extensions import db
from app.models import Sweep
from tests import servers
from tests.test_leftovers import keep
from workers import clock as clock_process
from workers import house, job, queue_worker, run

NOBODY = "unix:///nowhere/redis.sock"


@pytest.fixture
def in_process(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Flask]]:
    """The application as a worker process makes it, on a Redis of choice."""
    handlers = list(logging.getLogger().handlers)

    def make(redis_url: str) -> Flask:
        for name, value in servers.environment(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url).items():
            monkeypatch.setenv(name, value)
        house.desk_app.cache_clear()
        return house.desk_app()

    monkeypatch.setattr(bell, "_silent_until", 0.0)
    monkeypatch.setattr(job, "_noted", {})
    yield make
    if house.desk_app.cache_info().currsize:
        with house.desk_app().app_context():
            db.session.remove()
            db.engine.dispose()
    house.desk_app.cache_clear()
    logging.getLogger().handlers[:] = handlers


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        client.flushall()
        yield client


def _work_off(redis: Redis, queue: str) -> None:
    worker = queue_worker.DeskWorker(
        [Queue(queue, connection=redis, job_class=queue_worker.DeskJob, serializer=JSONSerializer)],
        connection=redis,
        job_class=queue_worker.DeskJob,
        serializer=JSONSerializer,
    )
    worker.work(burst=True, logging_level="WARNING")


def test_every_queue_has_a_worker_of_its_own() -> None:
    assert run.shares(1) == ["notify", "inbox", "search"]
    assert run.shares(5) == ["notify", "inbox", "search", "notify", "inbox"]


@pytest.mark.parametrize("name", list(bell.JOBS))
def test_a_rung_job_clears_the_bell_and_notes_its_end(
    in_process: Callable[[str], Flask], redis_url: str, redis: Redis, name: str
) -> None:
    with in_process(redis_url).app_context():
        bell.ring(name)
        _work_off(redis, bell.JOBS[name][0])
        assert not redis.exists(f"hd:bell:{name}")
        noted = db.session.get_one(Sweep, name)
        assert noted.error == ""
        assert clock.now() - noted.ended_at < timedelta(seconds=30)


@pytest.mark.trust("I3")
def test_a_pickle_is_never_opened(
    in_process: Callable[[str], Flask], redis_url: str, redis: Redis, tmp_path: Path
) -> None:
    touched = tmp_path / "touched"
    with in_process(redis_url).app_context():
        queue = Queue("notify", connection=redis)
        poison = Job.create("workers.notify.run", connection=redis)
        poison.data = pickle.dumps((_Touch(touched), None, (), {}))
        queue.enqueue_job(poison)
        bell.ring("notify")
        _work_off(redis, "notify")
        assert not touched.exists()
        assert db.session.get_one(Sweep, "notify").error == ""


@pytest.mark.trust("I3")
@pytest.mark.parametrize(
    ("function", "arguments"), [("os.system", ["touch {path}"]), ("subprocess.getoutput", ["touch {path}"])]
)
def test_a_foreign_function_is_never_called(
    in_process: Callable[[str], Flask],
    redis_url: str,
    redis: Redis,
    tmp_path: Path,
    function: str,
    arguments: list[str],
) -> None:
    touched = tmp_path / "touched"
    with in_process(redis_url).app_context():
        queue = Queue("inbox", connection=redis, serializer=JSONSerializer)
        queue.enqueue(function, *[argument.format(path=touched) for argument in arguments])
        good = queue.enqueue("workers.inbox.run")
        redis.hset(good.key, mapping={"success_callback_name": "os.getcwd", "failure_callback_name": "os.getcwd"})
        redis.hset(good.key, "webhooks", json.dumps([{"url": "http://127.0.0.1:1/", "events": ["success"]}]))
        _work_off(redis, "inbox")
        assert not touched.exists()
        assert queue.failed_job_registry.count == 1
        assert db.session.get_one(Sweep, "inbox").error == ""


@pytest.mark.trust("R4")
def test_without_redis_the_clock_does_everything_itself(in_process: Callable[[str], Flask]) -> None:
    with in_process(NOBODY).app_context():
        watch = clock_process.Watch()
        watch.turn(timedelta(seconds=10))
        for duty in watch.duties:
            assert duty.thread is not None
            duty.thread.join(20)
        db.session.rollback()
        assert {name for name in bell.JOBS if db.session.get(Sweep, name)} == set(bell.JOBS)


@pytest.mark.trust("R21")
def test_with_redis_the_clock_only_rings_until_nobody_comes(
    in_process: Callable[[str], Flask], redis_url: str, redis: Redis
) -> None:
    with in_process(redis_url).app_context():
        watch = clock_process.Watch()
        watch.turn(timedelta(seconds=10))
        assert [duty.thread for duty in watch.duties] == [None] * len(bell.JOBS)
        assert [redis.llen(f"rq:queue:{queue}") for queue in ("inbox", "notify", "search")] == [2, 1, 2]
        clock.shift(timedelta(seconds=30))
        watch.turn(timedelta(seconds=10))
        for duty in watch.duties:
            assert duty.thread is not None
            duty.thread.join(20)


def test_a_clock_that_has_just_come_back_does_at_once_what_nobody_did(
    in_process: Callable[[str], Flask], redis_url: str, redis: Redis
) -> None:
    with in_process(redis_url).app_context():
        workers.deadlines.run()
        clock.shift(timedelta(seconds=30))
        watch = clock_process.Watch()
        watch.turn(timedelta(seconds=10))
        done_here = {duty.name for duty in watch.duties if duty.thread}
        for duty in watch.duties:
            if duty.thread:
                duty.thread.join(20)
        assert done_here == {"deadlines"}


def test_a_disk_that_will_not_let_go_of_an_old_file_holds_up_no_deadline(
    in_process: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers.deadlines, "_tidied", -workers.deadlines.TIDY_EVERY)
    with in_process(NOBODY).app_context():
        place = files.path(keep("old.txt").storage_id)
        place.unlink()
        place.mkdir()
        clock.shift(timedelta(hours=25))
        workers.deadlines.run()
        assert db.session.get_one(Sweep, "deadlines").error == ""


class _Touch:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return (Path.touch, (self._path,))
