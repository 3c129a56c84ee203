"""A desk with LANGUAGE=en refuses in English, whatever the refusal names; a customer who chose English reads it too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import duty, duty_watch, outbox, tickets
from app.clock import now
from app.models import Ticket, Urgency
from app.tickets import Contribution
from tests.cast import acting, alice, bob, masha, neva_trade, request_of_carol
from tests.servers import UNLIMITED
from tests.web.accounts import administrator, mailed_path
from tests.web.acting import address, sent
from tests.web.browse import Browser
from tests.web.signing_in import csrf_token, signed_in
from tests.web.test_imports import sent as imported
from tests.web.test_requests import picture, send


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(LANGUAGE="en", MAX_ATTACHMENT_MB="1", **UNLIMITED)
    with app.app_context():
        yield app


def test_a_colleague_was_faster(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    tickets.take(ticket, acting(bob()), now())
    outbox.commit()
    taking = next(one.get("action") for one in page.root.iter("form") if "/taking" in (one.get("action") or ""))
    refused = alices.send(page, str(taking), 409).text
    assert "The request was taken already by Белов at " in refused
    assert "Open it, or assign another engineer." in refused


def test_who_has_it_is_handed_nothing(alices: Browser, ticket: Ticket):
    tickets.take(ticket, acting(alice()), now())
    outbox.commit()
    refused = sent(alices, ticket, "handing", 422, engineer=str(alice().id), hand_why="").text
    assert "Алиса Орлова has the request already. Choose whom to hand it to." in refused
    assert "Tell your colleague what is done and what is left." in refused


def test_a_deadline_needs_its_reason(alices: Browser, ticket: Ticket):
    refused = sent(alices, ticket, "deadline", 422, due="2020-01-01T10:00", reason="").text
    assert "Write the reason: the customer and the manager will read it." in refused
    assert "The new deadline is in the past." in refused


def test_an_illegal_move_names_the_state(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    tickets.solve(ticket, Contribution("Готово"), acting(bob()), now())
    outbox.commit()
    composer = str(page.one("form", id="composer").get("action"))
    refused = alices.send(page, composer, 409, kind="question", text="Долго писала это")
    composer = str(refused.one("form", id="composer").get("action"))
    again = alices.send(refused, composer, 409, kind="question", text="Ещё").text
    assert f"Request {ticket.number}. The customer can be asked only about an open request" in again
    assert "and this one is solved. Reopen it first." in again


def test_what_cannot_be_merged(alices: Browser, ticket: Ticket):
    strange = request_of_carol(name="Мэлори", email="mallory@evil.example", phone="", company="")
    urgent = request_of_carol(text="Срочно: и печать не идёт", urgency=Urgency.URGENT)
    chosen = [ticket.number, strange.number, urgent.number]
    page = alices.open("/tickets/merging?" + "&".join(f"number={number}" for number in chosen))
    refused = alices.send(page, "/tickets/merging", 409, number=chosen, into=ticket.number).text
    assert f"Request {strange.number} has another customer than {ticket.number}" in refused
    assert f"Request {urgent.number} is urgent and {ticket.number} is not." in refused


def test_a_caller_without_words_or_number(alices: Browser):
    page = alices.open("/tickets/new?phone=8+812+363-17-87")
    refused = alices.send(page, "/tickets/new", 422, what="", name="", phone="", engineer="").text
    assert "Write what happened." in refused
    assert "Write the name of whoever calls." in refused


def test_a_company_and_a_contract(app: Flask):
    mashas, company = signed_in(app, masha()), neva_trade()
    page = mashas.send(mashas.open("/companies/new"), "/companies", 422, name="A", domains="mail.ru")
    assert "mail.ru: anybody can have mail there, so it tells no company." in page.text
    page = mashas.send(mashas.open("/companies/new"), "/companies", 422, name="B", domains="neva-trade.example")
    assert "neva-trade.example: another company has this domain already." in page.text
    new = f"/companies/{company.id}/contracts"
    typed = {"number": "118/2024", "valid_from": "2026-01-01", "reaction": "1h", "solution": "8h"}
    page = mashas.send(mashas.open(f"{new}/new"), new, 422, **typed)
    assert "The company has a contract with this number already." in page.text


def test_a_row_of_an_imported_file(app: Flask):
    page = imported(signed_in(app, masha()), "companies", "name;domains\nA;mail.ru\n")
    assert "mail.ru: anybody can have mail there" in page.text


def test_an_account(app: Flask):
    admin = signed_in(app, administrator())
    typed = {"name": "", "email": "no", "role": "engineer"}
    page = admin.send(admin.open("/staff"), "/staff", 422, **typed)
    assert "Write the whole e-mail address" in page.text
    assert "Write the name as customers will see it." in page.text
    page = admin.send(page, "/staff", 422, **{**typed, "name": "x" * 201})
    assert "Longer than 200 characters." in page.text
    admin.send(admin.open("/staff"), "/staff", name="Ann", email="ann@stek.example", role="engineer")
    guest, path = Browser(app), mailed_path()
    assert "At least 10 characters." in guest.send(guest.open(path), path, 422, password="a", repeated="a").text


def test_a_trouble_of_the_desk_is_told_in_its_language(app: Flask):
    at = datetime.fromisoformat("2026-11-25T10:00+03:00")
    text = duty_watch.words([duty.Span(at, at + timedelta(hours=9), ())])
    assert text.replace("\xa0", " ") == (
        "Nobody is on duty in these hours: Wed, 25 Nov, 10:00 – Wed, 25 Nov, 19:00. Put people into the roster."
    )


def test_a_customer_of_a_russian_desk(make_app: Callable[..., Flask]):
    app = make_app(MAX_ATTACHMENT_MB="1", **UNLIMITED)
    with app.app_context():
        carol = Browser(app)
        carol.open("/?lang=en")
        page = send(carol, 422, files=[picture("large.png", size=1 << 20)])
        assert "The file “large.png” is larger than 1 MB. Send a link to it." in page.text
        own = {"csrf_token": csrf_token(carol.client), "file": FileStorage(*picture("large.png", size=1 << 20))}
        boundary, body = encode_multipart(own)
        with app.app_context():
            refused = carol.client.post("/uploads", data=body, content_type=f"multipart/form-data; boundary={boundary}")
        assert refused.json == {"detail": "The file “large.png” is larger than 1 MB. Send a link to it."}
