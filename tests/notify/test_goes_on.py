"""An event that cannot be turned into notices is a matter for the log, not for the letters of others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, notify, outbox
from app.actor import SYSTEM
from app.extensions import db
from app.models import Event, EventKind
from tests.cast import request_of_carol
from tests.notify.mail_server import MailServer
from tests.notify.rows import CAROL

MINUTE = timedelta(minutes=1)


@pytest.mark.trust("R12")
def test_an_event_that_fails_holds_up_no_letter(desk: Flask, server: MailServer, caplog: pytest.LogCaptureFixture):
    broken = request_of_carol()
    notify.run()
    outbox.record(broken, EventKind.ESCALATED, SYSTEM, clock.now())  # of no cause
    outbox.commit()
    request_of_carol()
    with pytest.raises(KeyError, match="cause"):
        notify.run()
    assert notify.run() > 0  # the letters of the others
    assert len(server.to(CAROL)) == 2
    event = db.session.scalars(select(Event).where(Event.kind == EventKind.ESCALATED)).one()
    assert f"event {event.id} could not be turned into notices" in caplog.text
    assert event.drain_at is not None
    assert not notify.is_due()
    clock.shift(11 * MINUTE)
    assert notify.is_due()
