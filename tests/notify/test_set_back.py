"""A clock that was ahead and is right again: what waited for a moment of the wrong time leaves now, and leaves once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, database, notify, outbox
from app.extensions import db
from app.models import BotMessage, Chat, Delivery, DeliveryState
from app.notify import claims, held, set_back
from tests.cast import request_of_carol
from tests.notify.mail_server import MailServer

YEAR = timedelta(days=365)
HOME = "carol@home.example"


def state() -> tuple[DeliveryState, bool]:
    db.session.expire_all()
    one = db.session.scalars(select(Delivery).where(Delivery.recipient == HOME)).one()
    found = (one.state, one.next_attempt_at is None)
    db.session.rollback()
    return found


@pytest.mark.trust("R23")
def test_what_was_put_off_in_the_wrong_year_leaves_in_the_right_one(desk: Flask, server: MailServer):
    clock.shift(YEAR)
    server.answers[HOME] = ["451 later"]
    request_of_carol(email=HOME)
    notify.run()
    assert state() == (DeliveryState.WAITING, False)
    clock.shift(-YEAR)
    notify.run()
    notify.run()
    assert state() == (DeliveryState.ACCEPTED, True)
    assert len(server.to(HOME)) == 1


@pytest.mark.trust("R23")
def test_a_lease_of_the_wrong_year_ends(desk: Flask, server: MailServer):
    request_of_carol(email=HOME)
    clock.shift(YEAR)
    notify.drain()
    with outbox.transaction():
        assert claims.take()  # and dies
    clock.shift(-YEAR)
    notify.run()
    assert (state(), len(server.to(HOME))) == ((DeliveryState.ACCEPTED, True), 1)


@pytest.mark.trust("R23")
def test_what_nobody_was_told_of_yet_is_told(desk: Flask, server: MailServer):
    clock.shift(YEAR)
    request_of_carol(email=HOME)
    clock.shift(-YEAR)
    notify.run()
    assert (state(), len(server.to(HOME))) == ((DeliveryState.ACCEPTED, True), 1)


def test_what_a_restore_holds_stays_held(desk: Flask, server: MailServer):
    clock.shift(YEAR)
    request_of_carol(email=HOME)
    notify.drain()
    with outbox.transaction():
        held.hold()
    clock.shift(-YEAR)
    notify.run()
    assert (state(), server.to(HOME)) == ((DeliveryState.WAITING, False), [])


def test_a_message_in_a_chat_is_due_again(desk: Flask):
    at = clock.now()
    db.session.add(Chat(id=7, typed={}, draft={}, created_at=at))
    db.session.flush()
    ahead = {"chat_id": 7, "text": "x", "next_attempt_at": at + YEAR}
    db.session.add_all(
        [
            BotMessage(**ahead, created_at=at, attempts=1),  # leased by who has died since
            BotMessage(**ahead, created_at=at + YEAR),
            BotMessage(**ahead, created_at=at, attempts=1, error="429: a year"),  # as Telegram wanted it
        ]
    )
    outbox.commit()
    set_back.mend()
    with database.reading():
        moments = db.session.scalars(select(BotMessage.next_attempt_at).order_by(BotMessage.id))
        due = [moment is not None and moment <= clock.now() for moment in moments]
        db.session.rollback()
    assert due == [True, True, False]
