"""The event stream: only topics, only for those who may hear them, and never longer than the session lives."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import bell, outbox, sessions, tickets
from app.clock import now
from app.extensions import redis_client
from app.models import Staff
from app.web import live
from app.web.hub import DEAF, MOST_WAITING, SYNC, Hub
from tests.cast import acting, alice, bob, masha, request_of_carol
from tests.web.signing_in import browser_of


@pytest.fixture(autouse=True)
def no_seats(app: Flask, redis_url: str) -> None:
    client = redis_client(redis_url)
    for key in client.scan_iter("hd:streams:*"):
        client.delete(key)


@contextmanager
def stream(client: FlaskClient) -> Iterator[Iterator[str]]:
    """Lines of an open stream, without the empty ones; the first is there already."""
    answer = client.get("/live", buffered=False)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    lines = (
        line for chunk in answer.response for line in str(cast(bytes, chunk), "utf-8").splitlines() if line.strip(":")
    )
    assert next(lines).startswith("retry:")
    assert [next(lines), next(lines)] == ["event: ping", "data: "]
    try:
        yield lines
    finally:
        answer.close()


def publish_until(done: threading.Event, topic: str) -> None:
    """The listener may still be on its way to Redis, and pub/sub has no replay."""
    while not done.is_set():
        bell.publish([topic])
        done.wait(0.1)


@contextmanager
def published(app: Flask, topic: str) -> Iterator[None]:
    done = threading.Event()

    def work() -> None:
        with app.app_context():
            publish_until(done, topic)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    done.set()
    thread.join()


@pytest.mark.trust("A5")
def test_nobody_in_particular_hears_nothing(app: Flask):
    answer = app.test_client().get("/live")
    assert answer.status_code == 401
    assert "event" not in answer.text


def test_a_change_is_heard_as_its_topic_alone(app: Flask):
    ticket = request_of_carol()
    with stream(browser_of(app, alice())) as lines:
        with published(app, "warm-up"):
            assert next(lines) == "data: warm-up"
        tickets.take(ticket, acting(bob()), now())
        outbox.commit()
        heard = next(line for line in lines if line != "data: warm-up")
        assert {heard, next(lines)} == {"data: queue", f"data: ticket:{ticket.number}"}


@pytest.mark.trust("A5")
@pytest.mark.parametrize(("who", "hears"), [(alice, False), (masha, True)])
def test_escalations_are_for_the_manager(app: Flask, who, hears: bool):
    member: Staff = who()
    with (
        stream(browser_of(app, member)) as lines,
        published(app, outbox.ESCALATIONS_TOPIC),
        published(app, "anything"),
    ):
        heard = {next(lines) for _ in range(4)}
    assert (f"data: {outbox.ESCALATIONS_TOPIC}" in heard) == hears


@pytest.mark.trust("A5")
@pytest.mark.parametrize("end", ["logout", "disabled"])
def test_a_stream_ends_with_its_session(app: Flask, monkeypatch, end: str):
    monkeypatch.setattr(live, "CHECK_EVERY", 0.1)
    client = browser_of(app, alice())
    with client.session_transaction() as session:
        key = session["_user_id"]
    with stream(client) as lines:
        if end == "logout":
            sessions.end(key)
        else:
            alice().is_disabled = True  # read again: the stream gave its database session back
        outbox.commit()
        began = time.monotonic()
        assert all(line.startswith(("event: ping", "data")) for line in lines)
        assert time.monotonic() - began < 20


def test_a_stream_ends_with_its_server(app: Flask):
    app.extensions["is_serving"] = lambda: False
    with stream(browser_of(app, alice())) as lines:
        assert list(lines) == []


def test_one_person_has_25_streams_and_gets_seats_back(app: Flask):
    client = browser_of(app, alice())
    answers = [client.get("/live", buffered=False) for _ in range(live.MOST_OF_ONE_PERSON)]
    assert {answer.status_code for answer in answers} == {200}
    assert client.get("/live").status_code == 204
    with stream(browser_of(app, bob())):
        pass
    answers.pop().close()
    with stream(client):
        pass
    for answer in answers:
        answer.close()


@pytest.mark.trust("R32")
def test_who_does_not_keep_up_is_told_to_ask_anew(redis_url: str):
    hub = Hub(redis_url)
    topics = hub.join(lambda topic: True)
    assert topics
    for number in range(MOST_WAITING + 1):
        hub.publish(f"ticket:{number}")
    assert topics.get_nowait() == SYNC
    assert topics.empty()


@pytest.mark.trust("R32")
def test_without_redis_the_pages_are_told_so(app: Flask):
    hub = Hub("unix:///nowhere/redis.sock")
    topics = hub.join(lambda topic: False)
    assert topics
    assert topics.get(timeout=20) == DEAF
    late = hub.join(lambda topic: False)
    assert late
    assert late.get(timeout=20) == DEAF
