"""`flask sweep`: all due work at once, without Redis, and twice is once."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from app import clock, outbox
from app.actor import SYSTEM
from app.extensions import db
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.person_data import Erasure
from app.models.words import Cause, DeliveryState, Urgency
from app.person_data import erasing
from tests.cast import carol, request_of_carol


def test_without_redis_letters_leave_and_deadlines_are_watched(make_app):
    app = make_app(REDIS_URL="unix:///nowhere/redis.sock")
    with app.app_context():
        request_of_carol(urgency=Urgency.URGENT)
        first = app.test_cli_runner().invoke(args=["sweep"])
        assert first.exit_code == 0, first.output
        states = set(db.session.scalars(select(Delivery.state).where(Delivery.is_for_customer.is_(True))))
        assert states == {DeliveryState.ACCEPTED}
        sent = db.session.scalar(select(func.count(Delivery.id)))
        db.session.rollback()
        app.test_cli_runner().invoke(args=["sweep"])
        assert db.session.scalar(select(func.count(Delivery.id))) == sent
        db.session.rollback()
        clock.shift(timedelta(minutes=11))
        app.test_cli_runner().invoke(args=["sweep"])
        assert Cause.URGENT_UNTAKEN in db.session.scalars(select(Escalation.cause)).all()


def test_an_erasure_that_was_begun_comes_to_its_end(app: Flask):
    with outbox.transaction():
        begun_id = erasing.begin(carol(), SYSTEM, clock.now(), is_with_open=True).id
    assert app.test_cli_runner().invoke(args=["sweep"]).exit_code == 0
    db.session.rollback()
    assert db.session.get_one(Erasure, begun_id).ended_at is not None
