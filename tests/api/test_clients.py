"""Companies, people and calendars by API."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.api import answers
from app.extensions import db
from app.models.client_change import ChangeKind, ClientChange
from app.models.words import Role
from tests.api.calling import Caller, registered

CALENDAR: dict[str, Any] = {"name": "night", "time_zone": "Europe/Moscow", "week": {"mon": [["22:00", "24:00"]]}}
COMPANY: dict[str, Any] = {
    "name": "ООО «Ромашка»",
    "domains": ["Romashka.example"],
    "notice_email": "office@romashka.example",
    "notify": "both",
    "contract": {
        "number": "7/2026",
        "valid_from": "2026-01-01",
        "valid_to": None,
        "calendar": "24x7",
        "reaction": "30m",
        "solution": "4h",
        "urgent_clock": "service_hours",
        "stops_for_third_party": True,
    },
}


@pytest.fixture
def call(app: Flask) -> Caller:
    return Caller(app, Role.MANAGER)


def test_a_company_is_made_read_changed_and_its_terms_hold(call: Caller):
    made = call.post("/companies", COMPANY)
    assert made.status_code == 201, made.get_json()
    company = made.get_json()
    answers.Company().load(company)
    assert company["contract"] == COMPANY["contract"]
    assert company["domains"] == ["romashka.example"]
    path = f"/companies/{company['id']}"
    assert call.get(path).get_json() == company
    ticket = registered(call, email="dan@romashka.example")
    assert ticket["company"] == "ООО «Ромашка»"
    assert "7/2026" in ticket["promises"][-1]["why"]
    changed = call("PATCH", path, json={"domains": [], "contract": {"number": "7/2026", "solution": "2h"}}).get_json()
    assert changed["domains"] == []
    assert changed["contract"] == {**COMPANY["contract"], "solution": "2h"}
    added = call("PATCH", path, json={"contract": {"number": "8/2026", "valid_from": "2026-06-01"}}).get_json()
    assert added["contract"]["number"] == "8/2026"
    assert [item["id"] for item in call.get("/companies?q=ромашка").get_json()["items"]] == [company["id"]]


def test_what_programs_do_to_clients_stands_in_their_history_as_what_people_do(call: Caller):
    path = f"/companies/{call.post('/companies', COMPANY).get_json()['id']}"
    for _ in range(2):  # the second time nothing is different
        call("PATCH", path, json={"name": "ООО «Ромашка»", "domains": [], "contract": {"number": "7/2026"}})
        call("PATCH", path, json={"contract": {"number": "7/2026", "solution": "2h"}})
        call("PATCH", path, json={"notify": "company", "contract": {"number": "8/2026", "valid_from": "2026-06-01"}})
    person = call.post("/people", {"name": "Дан", "email": "dan@r.example"}).get_json()["id"]
    for _ in range(2):
        call("PATCH", f"/people/{person}", json={"phone": "8 812 363-17-87", "company": "Ромашка", "name": "Дан"})
    kept = db.session.scalars(select(ClientChange).order_by(ClientChange.id)).all()
    assert [(row.kind, row.data.get("number"), row.data.get("fields")) for row in kept] == [
        (ChangeKind.MADE, None, None),
        (ChangeKind.CONTRACTED, "7/2026", None),
        (ChangeKind.CHANGED, None, ["domains"]),
        (ChangeKind.RECONTRACTED, "7/2026", None),
        (ChangeKind.CHANGED, None, ["notify"]),
        (ChangeKind.CONTRACTED, "8/2026", None),
        (ChangeKind.MADE, None, None),
        (ChangeKind.CHANGED, None, ["phone", "company_id"]),
    ]
    assert {row.actor_name.partition(" ")[0] for row in kept} == {"manager"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"domains": ["mail.ru"]}, "domains"),
        ({"domains": ["not a domain"]}, "domains"),
        ({"notify": "nobody"}, "notify"),
        ({"notice_email": "office"}, "notice_email"),
        ({"contract": {"number": "1", "reaction": "soon"}}, "contract.reaction"),
        ({"contract": {"number": "1", "calendar": "lunar"}}, "contract.calendar"),
        ({"contract": {"number": "1", "valid_from": "2026-02-30"}}, "contract.valid_from"),
        ({"contract": {"number": "1", "valid_from": "2026-02-02", "valid_to": "2026-01-01"}}, "contract.valid_to"),
        ({"contract": {"valid_from": "2026-02-02"}}, "contract.number"),
        ({"contract": {"number": "1", "price": 5}}, "contract.price"),
        ({"id": 5}, "id"),
    ],
)
def test_a_bad_company_is_refused_by_field(call: Caller, change: dict[str, Any], field: str):
    response = call.post("/companies", {"name": "ООО «Ромашка»", **change})
    assert response.status_code == 422
    assert list(response.get_json()["errors"]) == [field]
    assert call.get("/companies").get_json()["items"] == []


def test_a_domain_belongs_to_one_company(call: Caller):
    call.post("/companies", COMPANY)
    response = call.post("/companies", {"name": "Другая", "domains": ["romashka.example"]})
    assert response.status_code == 422


def test_people_are_made_found_and_changed(app: Flask):
    Caller(app, Role.ADMIN).post("/companies", COMPANY)
    call = Caller(app, Role.ENGINEER)
    body = {"name": "Дан", "email": "Dan@Mail.ru", "phone": "8 812 363 17 87", "company": "ромашка"}
    made = call.post("/people", body)
    assert made.status_code == 201, made.get_json()
    person = made.get_json()
    answers.Person().load(person)
    assert {**person, "id": 0} == {
        "id": 0,
        "name": "Дан",
        "email": "dan@mail.ru",
        "phone": "+78123631787",
        "company": "ООО «Ромашка»",
    }
    assert call.post("/people", body).status_code == 422
    for query in ("email=DAN@mail.ru", "phone=%2B7(812)3631787", "company=ромашка"):
        assert [item["id"] for item in call.get(f"/people?{query}").get_json()["items"]] == [person["id"]]
    path = f"/people/{person['id']}"
    assert call("PATCH", path, json={"company": None, "name": "Даниил"}).get_json()["company"] is None
    assert call.get(path).get_json()["name"] == "Даниил"
    assert call("PATCH", path, json={"email": None, "phone": None}).status_code == 422
    for bad in ({"name": "Никто"}, {"phone": "12"}, {"email": "a@b.example", "company": "нет такой"}):
        assert call.post("/people", bad).status_code == 422


def test_a_calendar_is_kept_by_its_name_and_mistakes_are_named(call: Caller):
    assert {item["name"] for item in call.get("/calendars").get_json()["items"]} >= {"24x7", "ru-5x9", "ru-5x8-lunch"}
    made = call("PUT", "/calendars/night", json=CALENDAR)
    assert made.status_code == 201, made.get_json()
    answers.Calendar().load(made.get_json())
    again = call("PUT", "/calendars/night", json={"time_zone": "Europe/Berlin", "week": CALENDAR["week"]})
    assert again.status_code == 200
    assert call.get("/calendars/night").get_json()["time_zone"] == "Europe/Berlin"
    for bad, place in (
        ({**CALENDAR, "week": {}}, "week"),
        ({**CALENDAR, "week": {"mon": [["10:00", "09:00"]]}}, "week.mon"),
        ({**CALENDAR, "time_zone": "Mars"}, "time_zone"),
        ({**CALENDAR, "name": "day"}, "name"),
    ):
        response = call("PUT", "/calendars/night", json=bad)
        assert response.status_code == 422
        assert place in response.get_json()["errors"], response.get_json()
