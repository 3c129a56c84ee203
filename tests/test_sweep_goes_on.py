"""A request that the sweep cannot see to is a matter for the log, not for the deadlines of the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import alarms, clock, outbox
from app.extensions import db
from app.models import Cause, Escalation, Sweep, Urgency
from tests.cast import request_of_carol

LATER = timedelta(minutes=11)


def test_a_request_that_cannot_be_seen_to_holds_up_no_other(app: Flask, caplog: pytest.LogCaptureFixture):
    broken, other = (request_of_carol(urgency=Urgency.URGENT) for _ in range(2))
    with outbox.transaction():
        broken.alarms = {"nonsense": clock.now().isoformat()}
        broken.next_alarm_at = clock.now()
    clock.shift(LATER)
    began = clock.now()
    with pytest.raises(ValueError, match="nonsense"):
        alarms.sweep()
    assert f"request {broken.id} could not be seen to" in caplog.text
    causes = db.session.scalars(select(Escalation.cause).where(Escalation.ticket_id == other.id)).all()
    assert Cause.URGENT_UNTAKEN in causes
    assert db.session.get_one(Sweep, alarms.NAME, populate_existing=True).ended_at >= began
