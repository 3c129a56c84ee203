"""The bell rings once, never makes anybody wait, and says when it could not."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from app import bell, heartbeats
from app.extensions import db
from tests import servers


@pytest.fixture
def redis(redis_url: str, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    client = Redis.from_url(redis_url)
    client.flushall()
    yield client
    client.close()


def test_many_rings_queue_one_job(redis: Redis) -> None:
    assert all(bell.ring("notify") for _ in range(5))
    assert redis.llen("rq:queue:notify") == 1
    assert bell.cleared("notify")
    bell.ring("notify")
    assert redis.llen("rq:queue:notify") == 2


def test_who_waits_is_woken_and_misses_no_ring(redis: Redis) -> None:
    for _ in range(3):
        assert bell.ring("telegram")
    for part in bell.WAITERS["telegram"]:
        began = time.monotonic()
        bell.wait(part, bell.LONGEST_WAIT)
        assert time.monotonic() - began < bell.LONGEST_WAIT
        bell.wait(part, 0.1)  # three rings were one
        assert time.monotonic() - began >= 0.1
        waiting = threading.Timer(0.2, redis.lpush, (f"hd:bell:{part}", 1))
        waiting.start()
        began = time.monotonic()
        bell.wait(part, bell.LONGEST_WAIT)
        assert 0.1 < time.monotonic() - began < bell.LONGEST_WAIT
        waiting.join()


def test_two_clocks_queue_one_job_for_a_slot(redis: Redis) -> None:
    for _ in range(2):
        assert bell.ring_slot("deadlines", 7, 10)
    assert bell.ring_slot("deadlines", 8, 10)
    assert redis.llen("rq:queue:inbox") == 2


def test_an_absent_worker_does_not_heap_up_jobs(redis: Redis) -> None:
    for slot in range(100):
        bell.ring_slot("notify", slot, 10)
    assert redis.llen("rq:queue:notify") == bell.FULL


def test_open_pages_hear_topics(redis: Redis) -> None:
    with redis.pubsub() as listener:  # type: ignore[no-untyped-call]  # redis-py says nothing here
        listener.subscribe(bell.LIVE_CHANNEL)
        assert listener.get_message(timeout=20)
        bell.publish(["queue", {"topic": "ticket:482173", "event": 5}])
        heard = [listener.get_message(timeout=20) for _ in range(2)]
    assert [json.loads(message["data"]) for message in heard if message] == [
        {"topic": "queue"},
        {"topic": "ticket:482173", "event": 5},
    ]


def test_a_dead_redis_costs_no_time_and_is_asked_again_later(
    make_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    with make_app(REDIS_URL=f"unix://{tmp_path}/nobody.sock").app_context():
        began = time.monotonic()
        assert not any(bell.ring("notify") for _ in range(50))
        assert not bell.publish(["queue"])
        assert time.monotonic() - began < 10  # a second for each would be fifty
        assert not bell.is_answering()


def test_a_redis_that_hangs_costs_a_second_once(
    make_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    with servers.running_valkey(tmp_path / "own") as url, make_app(REDIS_URL=url).app_context():
        assert bell.ring("notify")
        with Redis.from_url(url) as other:
            other.client_pause(20_000, all=True)
        began = time.monotonic()
        assert not any(bell.ring("inbox") for _ in range(20))
        assert time.monotonic() - began < 10


def test_a_silent_process_is_named(app: Flask) -> None:
    for name in heartbeats.PROCESSES:
        if name != "mail":
            heartbeats.beat(name)
            heartbeats.beat(name)
    assert heartbeats.silent() == ["mail"]
    db.session.rollback()


def test_without_redis_waiting_is_sleeping(app: Flask, make_app: Callable[..., Flask], tmp_path: Path) -> None:
    with make_app(REDIS_URL=f"unix://{tmp_path}/nobody.sock").app_context():
        began = time.monotonic()
        bell.wait("telegram:in", 0.2)
        assert 0.19 < time.monotonic() - began < 10
