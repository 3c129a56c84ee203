"""The webhook: signed, one post a message; it may hang, drip or fail and nobody else waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, notify, outbox, paging, tickets
from app.extensions import db
from app.models import Cause, Delivery, DeliveryChannel, DeliveryState, Escalation
from app.notify import posting, webhook
from app.troubles import Trouble
from tests.cast import acting, alice, bob, masha
from tests.duty.rota import shift
from tests.notify.letters import to
from tests.paging import receiver as receivers
from tests.paging.night import MINUTE, THREE, go_to, urgent
from tests.paging.receiver import Receiver

SECRET = "a secret of both"
SECOND = timedelta(seconds=1)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receivers.running() as receiver:
        yield receiver


@pytest.fixture
def desk(make_app: Callable[..., Flask], receiver: Receiver) -> Iterator[Flask]:
    """A desk with a webhook on New Year's night: Alice is on duty, Masha manages."""
    app = make_app(PAGE_WEBHOOK_URL=receiver.url, PAGE_WEBHOOK_SECRET=SECRET)
    with app.app_context():
        clock.shift(THREE - timedelta(days=1) - clock.now())
        masha()
        shift(alice(), "2026-12-31 09:00", "2027-01-02 09:00")
        yield app


def posts() -> list[Delivery]:
    query = select(Delivery).where(Delivery.channel == DeliveryChannel.WEBHOOK).order_by(Delivery.id)
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def test_a_page_is_posted_once_signed_and_can_be_read_aloud(desk: Flask, receiver: Receiver) -> None:
    ticket = urgent()
    go_to(THREE)
    assert webhook.send() == 1
    assert webhook.send() == 0
    [(headers, body)] = receiver.got
    [told] = receiver.told
    stamp = headers["X-HelpDesk-Timestamp"]
    assert headers["X-HelpDesk-Signature"] == f"sha256={webhook.signature(SECRET, stamp, body)}"
    assert told["text"] == f"Заявка {ticket.number}: срочную никто не взял"
    [one] = told["escalations"]
    assert (one["cause"], one["number"]) == ("urgent_untaken", ticket.number)
    assert one["people"] == [{"name": "Алиса Орлова", "email": "alice@stek.example"}]
    assert "applicant" not in one
    assert [post.state for post in posts()] == [DeliveryState.ACCEPTED]


def test_a_failing_receiver_is_tried_again_and_given_up_visibly(desk: Flask, receiver: Receiver) -> None:
    urgent()
    receiver.answers = [500] * 9
    go_to(THREE)
    for _ in range(20):
        webhook.send()
        clock.shift(2 * MINUTE)
    given_up = posts()[0]
    assert (given_up.state, given_up.error) == (DeliveryState.FAILED, "HTTP 500")
    assert 5 <= given_up.attempts <= 9
    assert len({told["id"] for told in receiver.told}) == 1, "a repeat is known by its id"
    query = select(Escalation.text).where(Escalation.cause == Cause.SYSTEM, Escalation.subject == Trouble.PAGE_WEBHOOK)
    assert "HTTP 500" in (db.session.scalar(query) or "")
    assert "secret" not in given_up.error
    db.session.rollback()
    receiver.answers.clear()
    go_to(clock.now() + 30 * MINUTE)
    webhook.send()
    settled = select(Escalation.resolved_at).where(Escalation.subject == Trouble.PAGE_WEBHOOK)
    assert db.session.scalar(settled) is not None, "it takes posts again"


@pytest.mark.parametrize("is_dripping", [False, True])
def test_a_receiver_that_never_ends_is_cut_off_and_letters_go_meanwhile(
    desk: Flask, receiver: Receiver, is_dripping: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "PATIENCE", 0.4)
    monkeypatch.setattr(posting, "LONGEST", 0.6)
    receiver.hang, receiver.is_dripping = 60.0, is_dripping
    for number in range(3):
        urgent(text=f"Касса {number}")
        go_to(THREE + number * SECOND)
    began = time.monotonic()
    assert webhook.send() == 1, "the others wait for the same receiver, not in its line"
    assert time.monotonic() - began < 20
    notify.run()
    assert to("alice@stek.example"), "a letter needs no webhook"
    assert all(post.state is DeliveryState.WAITING for post in posts())
    assert all(post.next_attempt_at > clock.now() for post in posts() if post.next_attempt_at)
    assert "нет ответа" in posts()[0].error


def test_nothing_is_posted_that_somebody_has_charge_of_already(desk: Flask, receiver: Receiver) -> None:
    ticket = urgent()
    go_to(THREE)
    tickets.take(ticket, acting(bob()), clock.now())
    outbox.commit()
    webhook.send()
    assert receiver.got == []
    assert [post.state for post in posts()] == [DeliveryState.FAILED]


def test_where_nothing_listens_the_step_is_kept_and_tried_again(make_app: Callable[..., Flask]) -> None:
    with make_app(PAGE_WEBHOOK_URL="http://127.0.0.1:9/").app_context():
        masha()
        urgent()
        go_to(THREE)
        assert webhook.send() == 1
        assert posts()[0].error == "нет ответа (ConnectionRefusedError)"
        assert paging.sweep() == 0
        db.session.rollback()
