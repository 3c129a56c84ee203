"""What nobody asked for in a form, an address or a name of an act: it is left lying, and nothing widens or breaks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from app.extensions import db
from app.models import Event, Role, Staff, State, Ticket
from tests.cast import PASSWORD, alice, bob, carol, masha, neva_trade, request_of_carol
from tests.web.browse import Browser
from tests.web.signing_in import browser_of, csrf_token
from tests.web.test_rights import routes

_FILLED = {
    "company": "Нева-Трейд",
    "name": "Петрова Ольга Сергеевна",
    "email": "carol@neva-trade.example",
    "phone": "+7 900 555-01-44",
    "what": "1С не открывается",
    "whose": "у всех",
    "where": "офис 312",
    "urgency": "normal",
}
_SLIPPED_IN = {
    "id": "1", "number": "482173", "state": "closed", "status": "closed", "is_active": "false", "role": "admin",
    "engineer": "1", "engineer_id": "1", "assignee": "1", "due_at": "2099-01-01T00:00:00Z", "deadline": "2099-01-01",
    "due": "2099-01-01", "created_at": "2000-01-01T00:00:00Z", "is_address_confirmed": "1", "person_id": "1",
    "company_id": "1", "channel": "phone", "rating": "5", "version": "99", "language": "en", "is_suspect": "1",
}  # fmt: skip
_PAGES = (
    *("/queue", "/queue/list", "/queue.csv", "/search", "/people", "/companies", "/escalations", "/escalations/log"),
    *("/reports", "/letters", "/calendars", "/duty", "/complaints", "/status", "/tickets/new", "/imports"),
    *("/incidents", "/queue/narrowing", "/queue/counts", "/queue/bulk/urgency", "/tickets/merging", "/presence"),
    *("/templates", "/escalations/thresholds", "/mail-templates"),
)
_NAMES = (
    *("q", "after", "before", "view", "order", "sort", "state", "company", "engineer", "channel", "cause", "day"),
    *("from", "to", "until", "period", "number", "phone", "kind", "page", "back", "seen", "numbers", "first", "shown"),
)
_FUZZ = (
    "'",
    "')--",
    '"; DROP TABLE staff',
    "%",
    "_",
    "\\",
    "\x00",
    "-1",
    "9" * 40,
    "[]",
    "٣",
    "\ud7ff\u2028",
    "1.9999999999",
)
_LISTS = (
    *("/queue?view=open", "/queue?view=solved", "/queue?order=newest", "/queue/list?order=touched", "/search?q=1С"),
    *("/reports/requests?period=week", "/escalations?", "/escalations/log?", "/incidents?", "/letters?view=robots"),
    *("/complaints?view=open", "/complaints?view=closed", "/people?q=ол", "/companies?q=нева", "/me/ratings?"),
)
_NOWHERE = (
    *("0.99999999999999999.1", "1.99999999999999999.1", "1.00001700000000000.999999999999", "1.999999999"),
    *(f"2026-01-01T00:00:00Z{mark}{'9' * 30}" for mark in "_~"),
    *(f"0001-01-01T00:00:00+23:00{mark}1" for mark in "_~"),
)
_ACTS = ("destroy", "__class__", "solution.html", "solution;drop", "%2e%2e", "take", "_work", "record", "commit")


@pytest.mark.trust("A9")
def test_the_public_form_takes_its_own_fields_alone(app: Flask) -> None:
    alice()
    browser = Browser(app)
    page = browser.open("/")
    own = {name: page.all("input", name=name)[0].get("value") for name in ("csrf_token", "form_key")}
    assert browser.client.post("/", data={**_SLIPPED_IN, **_FILLED, **own}).status_code == 303
    made = db.session.query(Ticket).one()
    assert (made.state, made.engineer_id, made.rating, made.is_active) == (State.NEW, None, None, True)
    assert made.number != "482173"
    assert made.channel == "web"
    assert made.created_at.year > 2000
    assert made.due_at is not None
    assert made.due_at.year < 2099
    assert not made.is_address_confirmed
    assert not made.is_suspect


@pytest.mark.trust("A9")
def test_staff_do_not_make_more_of_themselves(app: Flask) -> None:
    member = alice()
    client = browser_of(app, member)
    sent = {**_SLIPPED_IN, "csrf_token": csrf_token(client), "email": "root@stek.example", "is_disabled": "0"}
    changed = client.post(
        "/me/security/password",
        data={**sent, "current": PASSWORD, "password": "quite another password", "repeated": "quite another password"},
    )
    assert changed.status_code == 303
    client.post("/me/telegram/wishes", data=sent)
    db.session.expire_all()
    found = db.session.get_one(Staff, member.id)
    assert (found.role, found.email) == (Role.ENGINEER, "alice@stek.example")


@pytest.mark.trust("A9")
def test_an_act_on_a_request_does_that_act_alone(app: Flask) -> None:
    bob()
    number = request_of_carol().number
    client = browser_of(app, alice())
    data = {**_SLIPPED_IN, "csrf_token": csrf_token(client), "text": "Смотрю", "kind": "note", "engineer": "bob"}
    client.post(f"/tickets/{number}/reply", data=data)
    db.session.expire_all()
    found = db.session.query(Ticket).filter_by(number=number).one()
    assert (found.state, found.engineer_id, found.rating) == (State.NEW, None, None)


@pytest.mark.trust("I5")
def test_no_address_breaks_a_query_or_widens_it(app: Flask) -> None:
    number, person, company = request_of_carol().number, carol().id, neva_trade().id
    browser = browser_of(app, masha())
    for page in _PAGES:
        for words in _FUZZ:
            db.session.rollback()
            every: dict[str, Any] = dict.fromkeys(_NAMES, words)
            assert browser.get(page, query_string=every).status_code < 500, (page, words)
        for name in _NAMES:
            db.session.rollback()
            assert browser.get(page, query_string={name: "')%_\x00"}).status_code < 500, (page, name)
    for page in ("/people", "/companies", "/search"):
        assert "Нева" in browser.get(page, query_string={"q": "Нева"}).text
        for words in ("%", "_", "Не%а", "Н_ва", "%%%", "\\"):
            told = browser.get(page, query_string={"q": words}).text
            assert f'href="/people/{person}"' not in told, (page, words)
            assert f'href="/companies/{company}"' not in told, (page, words)
            assert number not in told, (page, words)


@pytest.mark.trust("I5")
def test_no_place_behind_every_row_breaks_a_list(app: Flask) -> None:
    """A cursor in the right shape, of a moment that no clock shows or an id that no database holds."""
    request_of_carol()
    browser, broken = browser_of(app, masha()), []
    for page in _LISTS:
        for place in _NOWHERE:
            db.session.rollback()
            answer = browser.get(f"{page}&after={quote(place)}&before={quote(place)}")
            if answer.status_code >= 500:
                broken.append((page, place))
    assert broken == []


@pytest.mark.trust("I5")
def test_no_field_brings_what_a_database_refuses(app: Flask) -> None:
    company = neva_trade().id
    browser = Browser(app)
    page = browser.open("/")
    own = {name: page.all("input", name=name)[0].get("value") for name in ("csrf_token", "form_key")}
    typed = {name: f"{words}\x00" for name, words in _FILLED.items() if name != "urgency"}
    assert browser.client.post("/", data={**typed, **own}).status_code == 303
    made = db.session.query(Ticket).one()
    assert (made.what, made.applicant_name) == (_FILLED["what"], _FILLED["name"])
    number = made.number
    client = browser_of(app, masha())
    token = csrf_token(client)
    for path in (f"/tickets/{number}/reply", f"/companies/{company}", "/people", "/companies", "/complaints"):
        db.session.rollback()
        data = {"csrf_token": token, "kind": "note\x00", **dict.fromkeys(("text", "name", "notes", "email"), "а\x00б")}
        assert client.post(path, data=data).status_code < 500, path


@pytest.mark.trust("I7")
def test_an_act_is_a_route_and_no_name_of_a_function(app: Flask) -> None:
    number = request_of_carol().number
    client = browser_of(app, masha())
    token = csrf_token(client)
    for act in _ACTS:
        for place in (f"/tickets/{number}/{act}", f"/escalations/1/{act}", f"/staff/1/{act}", f"/{act}"):
            db.session.rollback()
            assert client.post(place, data={"csrf_token": token}).status_code in {404, 405, 403}, place
    assert db.session.query(Ticket).one().state is State.NEW


@pytest.mark.trust("A13")
def test_history_has_no_way_in_but_its_end(app: Flask) -> None:
    """No route that changes anything leads to history; the page of it answers to reading alone."""
    for rule, method in routes(app):
        if any(word in rule.rule for word in ("history", "/events", "/log", "journal")) and rule.rule != "/logout":
            assert method == "GET" or rule.rule.startswith("/login"), (rule.rule, method)
    number = request_of_carol().number
    before = [(one.id, one.kind, one.at) for one in db.session.query(Event).order_by(Event.id)]
    client = browser_of(app, masha())
    token = csrf_token(client)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        db.session.rollback()
        sent = client.open(f"/tickets/{number}/history", method=method, data={"csrf_token": token})
        assert sent.status_code == 405
    after = [(one.id, one.kind, one.at) for one in db.session.query(Event).order_by(Event.id)]
    assert after == before
