"""Every endpoint of the API against nobody, an engineer, a manager and an administrator."""

from __future__ import annotations

import pytest
from flask import Flask

from app.models.words import Role
from app.policy import Act
from app.rights import RIGHTS
from tests.api.calling import Caller
from tests.cast import alice, masha

PATHS = {"number": "100008", "company_id": 999, "person_id": 999, "name": "none"}
CLOSED_TO_ENGINEERS = ("/escalations", "/reports", "/companies", "/calendars", "/letters")


def _routes(app: Flask) -> list[tuple[str, str, Act]]:
    adapter = app.url_map.bind("localhost")
    routes = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            path = adapter.build(rule.endpoint, {name: PATHS[name] for name in rule.arguments})
            routes += [(verb, path, RIGHTS[rule.endpoint]) for verb in sorted((rule.methods or set()) - {"OPTIONS"})]
    assert len(routes) > 25
    return routes


@pytest.mark.trust("A6")
@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_endpoint_admits_whom_it_should_and_nobody_else(app: Flask, role: Role | None):
    call = Caller(app, role)
    for verb, path, act in _routes(app):
        status = call(verb, path).status_code
        if role is None:
            assert status == 401, (verb, path)
        elif act is Act.MANAGE and role is Role.ENGINEER:
            assert status == 403, (verb, path)
        else:
            assert status in {200, 404, 415, 422}, (verb, path, status)


def test_engineers_are_kept_out_of_what_belongs_to_managers(app: Flask):
    for verb, path, act in _routes(app):
        is_closed = path.removeprefix("/api/v1").startswith(CLOSED_TO_ENGINEERS)
        assert (act is Act.MANAGE) == is_closed, (verb, path)


def test_a_refusal_is_a_problem_document(app: Flask):
    for role, path, status in ((None, "/tickets", 401), (Role.ENGINEER, "/letters", 403), (Role.ADMIN, "/none", 404)):
        response = Caller(app, role).get(path)
        assert response.status_code == status
        assert response.content_type == "application/problem+json"
        problem = response.get_json()
        assert problem["status"] == status
        assert problem["detail"].endswith(".")
    assert Caller(app, None).get("/tickets").headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Basic YTpi", "nonsense", ""])
def test_a_bad_token_is_401(app: Flask, header: str):
    response = app.test_client().get("/api/v1/tickets", headers={"Authorization": header})
    assert response.status_code == 401


def test_the_wrong_method_says_which_are_right(app: Flask):
    response = Caller(app)("DELETE", "/tickets")
    assert response.status_code == 405
    assert response.content_type == "application/problem+json"
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_a_session_cookie_is_no_key_to_the_api(app: Flask):
    from app import outbox, sessions

    client = app.test_client()
    for member in (alice(), masha()):
        key = sessions.start(member, "browser").key
        outbox.commit()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = key, True
        assert client.get("/api/v1/tickets").status_code == 401


def test_what_is_no_json_is_refused_by_kind(app: Flask):
    call = Caller(app)
    assert call("POST", "/tickets", data="what=x", content_type="text/plain").status_code == 415
    for broken in ("{", "[" * 100_000):
        assert call("POST", "/tickets", data=broken, content_type="application/json").status_code == 400
    assert call("POST", "/tickets", data="[]", content_type="application/json").status_code == 422
    big = b'{"what": "' + b"x" * (61 << 20) + b'"}'
    response = call("POST", "/tickets", data=big, content_type="application/json")
    assert response.status_code == 413
    assert response.content_type == "application/problem+json"


@pytest.mark.trust("A9")
def test_an_unknown_field_is_refused_by_name(app: Flask):
    call = Caller(app)
    response = call.post("/tickets", {"what": "Касса", "email": "a@b.example", "state": "closed", "engineer": "x"})
    assert response.status_code == 422
    assert set(response.get_json()["errors"]) == {"state", "engineer"}
    assert "'state'" in response.get_json()["errors"]["state"]
    assert call.get("/tickets?sort=id").status_code == 422
