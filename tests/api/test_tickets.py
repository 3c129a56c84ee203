"""Requests by API: made, found, worked on, and read back whole."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.api import answers
from app.durations import iso
from app.extensions import db
from app.models.ticket import Ticket
from app.models.words import Role
from tests.api.calling import Caller, registered
from tests.cast import alice, bob, neva_trade


@pytest.fixture
def call(app: Flask) -> Caller:
    return Caller(app, Role.ENGINEER)


def test_a_request_by_api_has_a_number_promises_and_the_contract(call: Caller):
    neva_trade()
    made = registered(call, urgency="urgent", whose="касса 2", where="Лиговский, 50", links="https://a.example")
    assert made["number"].isdigit()
    assert (made["state"], made["urgency"], made["channel"]) == ("new", "urgent", "api")
    assert made["company"] == "ООО «Нева-Трейд»"
    assert made["applicant"] == {"name": "Ольга", "email": "carol@neva-trade.example", "phone": ""}
    assert [promise["kind"] for promise in made["promises"]] == ["reaction", "solution"]
    whole = call.get(f"/tickets/{made['number']}").get_json()
    answers.Ticket().load(whole)
    assert [event["kind"] for event in whole["events"]] == ["registered"]
    assert whole["messages"][0]["text"] == "Касса не печатает чек"


def test_the_channel_is_kept(call: Caller):
    assert registered(call, channel="phone", phone="8 (812) 363-17-87")["channel"] == "phone"
    assert call.post("/tickets", {"what": "x", "phone": "123456", "channel": "pigeon"}).status_code == 422


def test_what_is_wrong_is_said_field_by_field(call: Caller):
    problem = call.post("/tickets", {"what": " ", "email": "carol"}).get_json()
    assert set(problem["errors"]) == {"what", "email"}
    problem = call.post("/tickets", {"name": "Ольга"}).get_json()
    assert set(problem["errors"]) == {"what"}


def test_text_that_breaks_databases_is_made_harmless(call: Caller):
    body = {"what": "Касса\x00 не \ud800печатает\r\nчек", "name": "Оль\u202eга\r\nBcc: x", "email": "a@b.example"}
    made = call("POST", "/tickets", data=json.dumps(body), content_type="application/json").get_json()
    assert made["what"] == "Касса не печатает\nчек"
    assert made["applicant"]["name"] == "Ольга Bcc: x"
    for odd in (
        {"\ud800": 1},
        {"what": {"\ud800": 1}},
        {"urgency": "\ud800"},
        {"email": "\ud800@"},
        {"phone": "\ud800"},
    ):
        response = call("POST", "/tickets", data=json.dumps(odd), content_type="application/json")
        assert response.status_code == 422, odd


def test_the_same_key_is_the_same_request(call: Caller, app: Flask):
    body = {"what": "Касса", "email": "carol@neva-trade.example"}
    first = call.post("/tickets", body, headers={"Idempotency-Key": "abc"})
    again = call.post("/tickets", body, headers={"Idempotency-Key": "abc"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    other = call.post("/tickets", {**body, "what": "Другое"}, headers={"Idempotency-Key": "abc"})
    assert other.status_code == 422
    assert "Idempotency-Key" in other.get_json()["errors"]
    stranger = Caller(app, Role.ENGINEER).post("/tickets", body, headers={"Idempotency-Key": "abc"})
    assert stranger.get_json()["number"] != first.get_json()["number"]
    assert db.session.scalar(select(func.count(Ticket.id))) == 2


def test_a_refused_request_leaves_its_key_free(call: Caller):
    headers = {"Idempotency-Key": "abc"}
    assert call.post("/tickets", {"what": ""}, headers=headers).status_code == 422
    good = {"what": "Касса", "email": "carol@neva-trade.example"}
    assert call.post("/tickets", good, headers=headers).status_code == 201


def test_files_come_as_multipart_and_open_with_the_token(call: Caller, app: Flask):
    form = {
        "what": "Снимок",
        "email": "carol@neva-trade.example",
        "files": [(io.BytesIO(b"one"), "экран.txt"), (io.BytesIO(b"two"), "b.bin")],
    }
    made = call("POST", "/tickets", data=form)
    assert made.status_code == 201, made.get_json()
    files = call.get(f"/tickets/{made.get_json()['number']}").get_json()["messages"][0]["files"]
    assert [(file["name"], file["size"]) for file in files] == [("экран.txt", 3), ("b.bin", 3)]
    path = urlsplit(files[0]["url"]).path
    opened = call.get(path)
    assert opened.data == b"one"
    opened.close()
    assert app.test_client().get(path).status_code in {302, 401, 404}
    wrong = call("POST", "/tickets", data={"what": "x", "email": "a@b.example", "photo": (io.BytesIO(b"1"), "a")})
    assert "photo" in wrong.get_json()["errors"]


def test_a_whole_life_by_api(call: Caller, app: Flask):
    number = registered(call)["number"]
    alice(), bob()

    def act(what: str, body: Any = None) -> Any:
        response = call.post(f"/tickets/{number}/{what}", body)
        assert response.status_code in {200, 201}, response.get_json()
        return response.get_json()

    assert act("assignment", {"engineer": "alice@stek.example"})["engineer"] == "alice@stek.example"
    assert act("assignment", {"engineer": "bob@stek.example"})["engineer"] == "bob@stek.example"
    assert act("messages", {"text": "Смотрим", "kind": "reply"})["kind"] == "reply"
    assert act("messages", {"text": "Пароль в сейфе", "kind": "note"})["kind"] == "note"
    assert act("messages", {"text": "Какая касса?", "kind": "question"})["id"]
    assert act("urgency", {"urgent": True})["urgency"] == "urgent"
    moved = iso(clock.now() + timedelta(days=2))
    promise = act("deadline", {"due": moved, "reason": "Ждём запчасть"})["promises"][-1]
    assert (promise["due_at"], promise["reason"]) == (moved, "Ждём запчасть")
    solved = act("solution", {"text": "Заменили кабель"})
    assert (solved["state"], solved["holder"]) == ("solved", "none")
    assert act("solution", {"text": "Ещё раз"})["messages"] == solved["messages"]
    reopened = act("reopening", {"text": "Снова не печатает"})
    assert (reopened["state"], reopened["reopened"]) == ("open", 1)
    assert act("reopening")["reopened"] == 1
    assert act("holder", {"holder": "third_party", "reason": "Ждём поставщика"})["holder"] == "third_party"
    assert act("holder", {"holder": "engineer"})["holder"] == "engineer"
    assert act("assignment", {"engineer": None})["engineer"] is None
    whole = call.get(f"/tickets/{number}").get_json()
    answers.Ticket().load(whole)
    kinds = [event["kind"] for event in whole["events"]]
    for kind in ("registered", "assigned", "replied", "noted", "asked", "urgent", "moved", "solved", "reopened"):
        assert kind in kinds, kinds
    assert {event["channel"] for event in whole["events"]} == {"api"}


def test_illegal_moves_are_conflicts(call: Caller):
    number = registered(call)["number"]
    call.post(f"/tickets/{number}/solution", {"text": "Готово"})
    response = call.post(f"/tickets/{number}/messages", {"text": "Какая касса?", "kind": "question"})
    assert response.status_code == 409
    assert number in response.get_json()["detail"]


def test_bad_acts_name_their_fields(call: Caller):
    number = registered(call)["number"]
    for what, body, field in (
        ("assignment", {"engineer": "nobody@stek.example"}, "engineer"),
        ("assignment", {}, "engineer"),
        ("deadline", {"due": "2026-11-25T13:40:00", "reason": "x"}, "due"),
        ("deadline", {"due": "2020-11-25T13:40:00Z", "reason": "x"}, "due"),
        ("deadline", {"due": "2030-11-25T13:40:00Z", "reason": " "}, "reason"),
        ("urgency", {"urgent": "perhaps"}, "urgent"),
        ("solution", {"text": ""}, "text"),
        ("messages", {"text": "x", "kind": "answer"}, "kind"),
        ("messages", {"kind": "note"}, "text"),
        ("holder", {"holder": "customer"}, "holder"),
        ("escalations", {"reason": ""}, "reason"),
    ):
        response = call.post(f"/tickets/{number}/{what}", body)
        assert response.status_code == 422, (what, body, response.get_json())
        assert field in response.get_json()["errors"], (what, body)


def test_a_number_that_is_none_is_404(call: Caller):
    for number in ("100008", "abc", "1" * 40, "%27"):
        assert call.get(f"/tickets/{number}").status_code == 404
        assert call.post(f"/tickets/{number}/solution", {"text": "x"}).status_code == 404
