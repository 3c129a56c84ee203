"""The warning beside the field for an answer: letters to this customer do not arrive, call them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import update

from app import bouncing, clock, notify, outbox, tickets
from app.extensions import db
from app.models import Delivery, DeliveryState
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.notify.rows import CAROL
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in

HOME = "carol@home.example"


def come_back() -> None:
    values = {"state": DeliveryState.BOUNCED, "error": "5.1.1"}
    db.session.execute(update(Delivery).where(Delivery.recipient == HOME).values(values))
    outbox.commit()


def warning(page: Page) -> str:
    return " ".join("".join(page.one("div", id="unreached").itertext()).split())


def test_all_is_well(alices: Browser):
    ticket = request_of_carol()
    notify.run()
    assert not alices.open(f"/tickets/{ticket.number}").all("div", id="unreached")


def test_a_customer_who_was_not_told_is_to_be_called(alices: Browser):
    ticket = request_of_carol(phone="+78125550142", email=HOME, company="Рога")
    notify.run()
    come_back()
    page = alices.open(f"/tickets/{ticket.number}")
    assert f"Клиент не оповещён, позвоните. {HOME}: 5.1.1" in warning(page)
    assert page.one("div", id="unreached").findall(".//{*}a[@href='tel:+78125550142']")
    tickets.reply(ticket, Contribution("Перезагрузите."), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    assert not alices.open(f"/tickets/{ticket.number}").all("div", id="unreached"), "what came later has arrived"


def test_an_address_that_returns_letters_is_warned_of_until_somebody_knows_better(alices: Browser):
    ticket = request_of_carol()
    bouncing.count(CAROL, "5.1.1", bouncing.HARD, clock.now())
    outbox.commit()
    page = alices.open(f"/tickets/{ticket.number}")
    assert "возвращаются (5.1.1)" in warning(page)
    page = alices.send(page, f"/tickets/{ticket.number}/applicant/address?view=open")
    assert not page.all("div", id="unreached")
    assert "снова принимает письма" in page.text
    assert bouncing.stopped(CAROL, clock.now()) is None


def test_it_is_said_in_english_too(make_app: Callable[..., Flask]):
    app = make_app(LANGUAGE="en")
    with app.app_context():
        ticket = request_of_carol()
        bouncing.count(CAROL, "5.1.1", bouncing.HARD, clock.now())
        outbox.commit()
        browser = signed_in(app, alice())
        assert "come back (5.1.1)" in warning(browser.open(f"/tickets/{ticket.number}"))
