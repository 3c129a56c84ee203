"""A company's contact person sees its requests after a code from a letter; nobody else sees anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock, contact_codes, outbox, tickets
from app.extensions import db
from app.models import ContactCode, Delivery, Person
from app.tickets import Contribution
from tests.cast import acting, alice, carol, request_of_carol
from tests.web.browse import Browser, Page

CAROL = "carol@neva-trade.example"


@pytest.fixture
def contact(app: Flask) -> Browser:
    carol().is_contact = True
    outbox.commit()
    return Browser(app)


def mailed() -> str:
    letter = db.session.query(Delivery).filter_by(notice="contact").order_by(Delivery.id.desc()).first()
    assert letter is not None
    return contact_codes.code_of(letter.recipient, letter.data["nonce"])


def asked(browser: Browser, email: str = CAROL) -> Page:
    return browser.send(browser.open("/client"), "/client/code", email=email)


def signed_in(browser: Browser) -> Page:
    page = asked(browser)
    return browser.send(page, "/client/session", code=mailed())


def test_the_contact_person_reads_all_requests_of_the_company(contact: Browser):
    own = request_of_carol()
    colleague = request_of_carol(email="dan@neva-trade.example", name="Дан", text="Не печатает принтер")
    stranger = request_of_carol(email="x@else.example", phone="", text="Названа только компания")
    tickets.note(own, Contribution("Только для своих"), acting(alice()), clock.now())
    outbox.commit()
    page = signed_in(contact)
    assert "ООО «Нева-Трейд»" in page.text
    assert {row.get("data-ticket") for row in page.all("li") if row.get("data-ticket")} == {
        own.number,
        colleague.number,
    }
    page = contact.open(f"/client/requests/{colleague.number}")
    assert "Не печатает принтер" in page.text
    assert "118/2024" in page.text
    assert "Только для своих" not in contact.open(f"/client/requests/{own.number}").text
    contact.open(f"/client/requests/{stranger.number}", status=404)
    contact.open("/client/requests/000000", status=404)
    assert "Заявки вашей компании" in contact.send(contact.open("/client"), "/client/end").text
    assert "принтер" not in contact.open(f"/client/requests/{colleague.number}").text


def test_the_answer_is_the_same_for_everybody_and_only_contacts_get_letters(contact: Browser):
    told = asked(contact).text.replace(CAROL, "X")
    for email in ("nobody@else.example", "dan@neva-trade.example"):
        assert asked(contact, email).text.replace(email, "X") == told
    assert db.session.query(Delivery).filter_by(notice="contact").count() == 1
    assert "не хватает знака @" in contact.send(contact.open("/client"), "/client/code", status=422, email="x").text


def test_a_code_is_good_once_for_a_while_and_for_five_tries(contact: Browser):
    page = asked(contact)
    code = mailed()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert "Код не подошёл" in contact.send(page, "/client/session", status=422, code=wrong).text
    contact.send(page, "/client/session", status=422, code=code)
    page = asked(contact)
    code = mailed()
    clock.shift(timedelta(minutes=16))
    contact.send(page, "/client/session", status=422, code=code)
    page = asked(contact)
    code = mailed()
    contact.send(page, "/client/session", code=f" {code[:3]} {code[3:]} ")
    assert contact_codes.check_code(CAROL, code, clock.now()) is None


def test_no_more_than_three_letters_an_hour(contact: Browser):
    for _ in range(5):
        asked(contact)
    assert db.session.query(Delivery).filter_by(notice="contact").count() == 3


def test_whoever_is_contact_no_longer_sees_nothing(contact: Browser):
    number = request_of_carol().number
    signed_in(contact)
    assert contact.open(f"/client/requests/{number}").status == 200
    db.session.query(Person).filter_by(email=CAROL).one().is_contact = False
    outbox.commit()
    assert "Прислать код" in contact.open(f"/client/requests/{number}").text
    assert "Прислать код" in contact.open("/client").text


def test_a_session_ends_after_twelve_hours(contact: Browser):
    signed_in(contact)
    clock.shift(timedelta(hours=13))
    assert "Прислать код" in contact.open("/client").text


def test_the_code_is_kept_nowhere(contact: Browser):
    asked(contact)
    row = db.session.query(ContactCode).one()
    assert mailed() not in (row.code_hash, str(db.session.query(Delivery).one().data))
    assert contact.client.get("/client/session").status_code == 405
    assert contact.client.post("/client/session", data={"code": "1"}).status_code == 400
