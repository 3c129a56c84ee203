"""What machines may ask, and what strangers do not learn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock, health, heartbeats, outbox
from app.extensions import db
from app.models import BotMessage, BotUpdate, Chat
from app.models.words import Urgency
from tests.cast import request_of_carol

STRANGER = {"REMOTE_ADDR": "203.0.113.5"}


def beat_all() -> None:
    for name in heartbeats.PROCESSES:
        heartbeats.beat(name)


def test_alive_and_ready_answer_any_host(app: Flask):
    beat_all()
    client = app.test_client()
    for path in ("/healthz", "/readyz"):
        response = client.get(path, headers={"Host": "10.0.0.7:9999"})
        assert (response.status_code, response.get_json()["status"]) == (200, "ok"), response.get_json()


@pytest.mark.trust("A12")
def test_this_machine_reads_every_check_and_strangers_none(app: Flask):
    beat_all()
    client = app.test_client()
    local = client.get("/readyz").get_json()
    assert local["checks"] == dict.fromkeys(("database", "migrations", "redis", "processes", "work"), "ok")
    assert set(local["processes"]) == set(heartbeats.PROCESSES)
    assert client.get("/readyz", environ_base=STRANGER).get_json() == {"status": "ok"}
    forwarded = client.get("/readyz", headers={"X-Forwarded-For": "203.0.113.5"})
    assert forwarded.get_json() == {"status": "ok"}


@pytest.mark.trust("R38")
def test_a_silent_process_and_old_work_are_not_ready(app: Flask):
    client = app.test_client()
    assert client.get("/readyz").status_code == 503
    beat_all()
    request_of_carol()
    assert client.get("/readyz").status_code == 200
    clock.shift(timedelta(minutes=3))
    beat_all()
    late = client.get("/readyz")
    assert late.status_code == 503
    assert "events for" in late.get_json()["checks"]["work"]


def test_redis_away_is_not_ready(make_app):
    app = make_app(REDIS_URL="unix:///nowhere/redis.sock")
    with app.app_context():
        beat_all()
        response = app.test_client().get("/readyz")
        assert response.status_code == 503
        assert response.get_json()["checks"]["database"] == "ok"


def test_figures_are_for_this_machine_without_a_token(app: Flask):
    request_of_carol(urgency=Urgency.URGENT)
    heartbeats.beat("web")
    client = app.test_client()
    assert client.get("/metrics", environ_base=STRANGER).status_code == 403
    text = client.get("/metrics").get_data(as_text=True)
    for line in (
        'helpdesk_tickets{state="new"} 1.0',
        'helpdesk_undone{work="events"} 1.0',
        "helpdesk_tickets_urgent_untaken 1.0",
        'helpdesk_heartbeat_age_seconds{process="web"}',
        "helpdesk_promises_missed_today 0.0",
    ):
        assert line in text, text


def test_figures_tell_of_the_bots_work_where_there_is_a_bot(make_app):
    with make_app(TELEGRAM_BOT_TOKEN="7001:a-token-for-tests").app_context() as context:
        db.session.add(Chat(id=7, typed={}, created_at=clock.now()))
        db.session.flush()
        db.session.add(BotMessage(chat_id=7, text="раз", created_at=clock.now(), next_attempt_at=clock.now()))
        outbox.commit()
        text = context.app.test_client().get("/metrics").get_data(as_text=True)
    for line in (
        'helpdesk_undone{work="messages"} 1.0',
        'helpdesk_undone{work="updates"} 0.0',
        "helpdesk_messages_waiting 1.0",
        'helpdesk_chats{whose="unpaired"} 1.0',
    ):
        assert line in text, text


def test_updates_of_a_bot_that_is_no_more_are_nobodys_work(app: Flask):
    db.session.add(BotUpdate(id=7, received_at=clock.now(), work_at=clock.now(), raw="{}"))
    outbox.commit()
    clock.shift(timedelta(minutes=5))
    assert {name: work for name, work in health.undone(clock.now()).items() if work.count} == {}


def test_figures_want_the_token_when_there_is_one(make_app):
    app = make_app(METRICS_TOKEN="a token for figures")
    with app.app_context():
        client = app.test_client()
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
        right = {"Authorization": "Bearer a token for figures"}
        assert client.get("/metrics", headers=right, environ_base=STRANGER).status_code == 200
        assert "checks" in client.get("/readyz", headers=right, environ_base=STRANGER).get_json()
