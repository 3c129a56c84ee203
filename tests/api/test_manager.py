"""What managers read by API: escalations, figures, letters, and the API's own description."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import alarms, clock, escalations, outbox, tickets
from app.actor import Actor
from app.api import answers
from app.clock import now
from app.extensions import db
from app.models.escalation import Escalation
from app.models.ticket import Ticket
from app.models.words import Role
from tests.api.calling import Caller, registered
from tests.cast import acting, alice, bob, masha, neva_trade


@pytest.fixture
def call(app: Flask) -> Caller:
    return Caller(app, Role.MANAGER)


def test_the_manager_is_called_once(call: Caller, app: Flask):
    number = registered(call)["number"]
    made = call.post(f"/tickets/{number}/escalations", {"reason": "Клиент очень недоволен"})
    assert made.status_code == 201
    answers.Escalation().load(made.get_json())
    again = call.post(f"/tickets/{number}/escalations", {"reason": "Всё ещё"})
    assert (again.status_code, again.get_json()["id"]) == (200, made.get_json()["id"])
    page = call.get("/escalations").get_json()
    answers.EscalationPage().load(page)
    assert [(item["number"], item["cause"]) for item in page["items"]] == [(number, "complaint")]


def test_the_manager_is_answered_with_the_complaint_about_who_has_the_request_now(call: Caller, app: Flask):
    number = registered(call)["number"]
    ticket, made = db.session.query(Ticket).filter_by(number=number).one(), []
    for engineer in (alice(), bob(), alice()):
        tickets.assign(ticket, engineer, acting(masha()), now())
        outbox.commit()
        answer = call.post(f"/tickets/{number}/escalations", {"reason": "Он грубил"})
        made.append((answer.status_code, answer.get_json()["id"]))
    assert [status for status, _id in made] == [201, 201, 200]
    assert made[2][1] == made[0][1] != made[1][1]


def test_an_engineer_who_calls_does_not_learn_that_somebody_complained(call: Caller, app: Flask):
    engineer = Caller(app, Role.ENGINEER)
    quiet, loud = registered(engineer)["number"], registered(engineer)["number"]
    call.post(f"/tickets/{loud}/escalations", {"reason": "Он грубил"})
    told = []
    for number in (quiet, loud):
        answer = engineer.post(f"/tickets/{number}/escalations", {"reason": "Нужен руководитель"})
        answers.Escalation().load(answer.get_json())
        told.append((answer.status_code, {**answer.get_json(), "number": "", "opened_at": ""}))
    assert told[0] == told[1]
    assert told[1][1]["text"] == "Нужен руководитель"
    assert len(call.get("/escalations").get_json()["items"]) == 2


def test_escalations_by_state(call: Caller):
    number = registered(call)["number"]
    call.post(f"/tickets/{number}/escalations", {"reason": "Смотрите"})
    row = db.session.query(Escalation).one()
    by = Actor.of_staff(masha())
    assert call.get("/escalations?state=acknowledged").get_json()["items"] == []
    escalations.acknowledge(row, "Звоню", by, now())
    outbox.commit()
    found = call.get("/escalations?state=acknowledged").get_json()["items"][0]
    assert (found["acknowledged_by"], found["note"]) == ("masha@stek.example", "Звоню")
    escalations.resolve(row, "Помирились", by, now())
    outbox.commit()
    assert call.get("/escalations?state=open").get_json()["items"] == []
    assert call.get("/escalations?state=resolved").get_json()["items"][0]["resolution"] == "Помирились"


def test_promises_are_counted_by_company_and_day(call: Caller):
    company = neva_trade(calendar="24x7", solution=timedelta(hours=8))
    kept, _broken = registered(call)["number"], registered(call)["number"]
    registered(call, email="dan@other.example")
    call.post(f"/tickets/{kept}/solution", {"text": "Готово"})
    clock.shift(timedelta(hours=9))
    alarms.sweep()
    report = call.get(f"/reports/promises?company={company.id}").get_json()
    answers.PromiseReport().load(report)
    assert report["solution"] == {"promised": 2, "kept": 1, "broken": 1, "pending": 0}
    assert call.get("/reports/promises").get_json()["solution"]["promised"] >= 2
    assert call.get("/reports/promises?from=2020-01-01&to=2020-01-31").get_json()["solution"]["promised"] == 0
    for bad in ("from=yesterday", "from=2026-01-02&to=2026-01-01", "from=2026-01-01T00:00:00", "company=none"):
        assert call.get(f"/reports/promises?{bad}").status_code == 422


def test_the_description_names_every_endpoint(call: Caller, app: Flask):
    document = call.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    described = {(path, verb) for path, verbs in document["paths"].items() for verb in verbs}
    assert ("/api/v1/tickets/{number}/solution", "post") in described
    routes = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    assert len(described) == sum(len((rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in routes)
    for verbs in document["paths"].values():
        for operation in verbs.values():
            assert operation["summary"].endswith(".")
            assert "422" in operation["responses"]
