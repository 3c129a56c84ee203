"""What Prometheus reads: promises, queues, escalations and paging by name, all of them described."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app import alarms, clock, escalations, outbox, tickets
from app.actor import SYSTEM
from app.clock import now
from app.models import Urgency
from app.models.words import Cause
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.reports.firm import MOSCOW

DOCS = Path(__file__).parents[2] / "docs" / "metrics.md"


def figures(client: FlaskClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_promises_and_queues_are_told_as_they_stand(app: Flask, client: FlaskClient):
    clock.shift(datetime(2026, 11, 23, 10, 0, tzinfo=MOSCOW) - now())
    kept, near, missed = (request_of_carol(text=text) for text in ("Мышь", "Почта", "Принтер"))
    urgent = request_of_carol(text="Касса стоит", urgency=Urgency.URGENT)
    tickets.solve(kept, Contribution("Заменили"), acting(alice()), now())
    tickets.take(near, acting(alice()), now())
    tickets.take(missed, acting(alice()), now())
    tickets.take(urgent, acting(alice()), now())
    tickets.move_deadline(missed, now() + timedelta(hours=1), "Так договорились", acting(alice()), now())
    escalations.escalate(urgent, Cause.COMPLAINT, SYSTEM, now(), "Долго")
    outbox.commit()
    clock.shift(timedelta(hours=7, minutes=45))
    alarms.sweep()
    told = figures(client)
    assert told['helpdesk_promises_open{kind="solution"}'] == 1
    assert told['helpdesk_promises_near{kind="solution"}'] == 1
    assert told['helpdesk_promises_missed{kind="solution"}'] == 2
    assert told['helpdesk_promises_judged_today{kept="yes",kind="solution"}'] == 1
    assert told['helpdesk_promises_judged_today{kept="no",kind="solution"}'] == 2
    assert told['helpdesk_promises_judged_today{kept="yes",kind="reaction"}'] == 4
    assert told['helpdesk_queue{state="open",urgency="urgent"}'] == 1
    assert told['helpdesk_queue{state="open",urgency="normal"}'] == 2
    assert told['helpdesk_escalations_by_cause{cause="complaint"}'] == 1
    assert told["helpdesk_escalations_unwatched"] == told["helpdesk_escalations_open"] >= 3
    assert told["helpdesk_letter_unfiled_oldest_seconds"] == 0


def test_every_name_is_described(client: FlaskClient):
    described = set(re.findall(r"helpdesk_\w+", DOCS.read_text(encoding="utf-8")))
    names = set(re.findall(r"^# TYPE (helpdesk_\w+)", client.get("/metrics").text, re.MULTILINE))
    assert names == described
