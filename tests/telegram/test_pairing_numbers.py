"""Which telephone numbers tell who writes: those that an import, the API, a call or Telegram itself vouches for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import clients, clock, outbox, pairing
from app.extensions import db
from app.intake import letterbox
from app.intake.letters import file_received
from app.models import Message, Person
from app.pairing.start import BLOT
from tests import cast
from tests.telegram.chats import chat, payload
from tests.web.signing_in import signed_in

NUMBER = "+79215550101"


def person(email: str | None = None, phone: str | None = None) -> Person:
    made = Person(name="Ирина", email=email, phone=phone, created_at=clock.now())
    db.session.add(made)
    outbox.commit()
    return made


def call(app: Flask, **typed: str) -> None:
    browser = signed_in(app, cast.alice())
    page = browser.open("/tickets/new")
    fields: dict[str, Any] = {"what": "Не печатает", "name": "", "email": "", "company": "", **typed}
    browser.send(page, "/tickets/new", **fields)
    db.session.expire_all()


def test_the_api_and_imports_vouch_for_what_they_write(app: Flask, tmp_path: Path) -> None:
    made = clients.make_person({"name": "Пётр", "email": "petr@neva-trade.example", "phone": NUMBER}, clock.now())
    assert pairing.owner_of(NUMBER) is made
    clients.change_person(made, {"name": "Пётр Ильич"})
    assert made.is_phone_confirmed
    clients.change_person(made, {"phone": ""})
    assert not made.is_phone_confirmed
    outbox.commit()
    table = tmp_path / "people.csv"
    table.write_text(f"email;phone\npetr@neva-trade.example;{NUMBER}\n", encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["import", "people", str(table), "--apply"])
    assert result.exit_code == 0, result.output
    db.session.expire_all()
    assert pairing.owner_of(NUMBER).email == "petr@neva-trade.example"


def test_a_call_confirms_whom_we_know_by_number_alone(app: Flask) -> None:
    call(app, phone=NUMBER, name="Ирина")
    assert pairing.owner_of(NUMBER) is not None


@pytest.mark.trust("I2")
def test_a_caller_who_says_an_address_is_his_confirms_nothing(app: Flask) -> None:
    """Mallory calls from his number, which his form has put on the victim's card."""
    victim = person("irina@neva-trade.example")
    cast.request_of_carol(email=victim.email, phone=NUMBER, name="Ирина")
    call(app, phone=NUMBER, name="Ирина", email="irina@neva-trade.example")
    call(app, phone=NUMBER, name="Ирина")
    assert pairing.owner_of(NUMBER) is None


@pytest.mark.trust("I2")
def test_a_shared_contact_replaces_a_typed_number_and_no_confirmed_one(app: Flask) -> None:
    typed = person("a@neva-trade.example", "+78120000001")
    pairing.confirm_phone(typed, NUMBER)
    assert pairing.owner_of(NUMBER) is typed
    pairing.confirm_phone(typed, "+79990000666")
    assert pairing.owner_of(NUMBER) is typed
    assert pairing.owner_of("+79990000666") is None


@pytest.mark.trust("I2")
def test_a_letter_quoted_back_shows_its_link_to_nobody(app: Flask) -> None:
    """Mallory's form in her name makes us write to her; what she answers, with our letter below, he can read."""
    carol, ticket = cast.carol(), cast.request_of_carol()
    link = pairing.person_link(carol, clock.now())
    wrapped = f"https://eur01.safelinks.example/?url=https%3A%2F%2Ft.me%2FStekHelpBot%3Fstart%3D{payload(link)}&data=05"
    text = f"Это не я писала.\r\n\r\n> Подключите бота: {link}\r\n> {wrapped}\r\nконец {link}\r\n"
    letter = (
        f"From: {carol.email}\r\nTo: info@stekspb.ru\r\nSubject: Re: [#{ticket.number}]\r\nMessage-ID: <q1@neva>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}"
    )
    letterbox.store(letter.encode(), "pipe", envelope_from=carol.email, envelope_to=["info@stekspb.ru"])
    file_received()
    db.session.expire_all()
    said = db.session.query(Message).filter_by(ticket_id=ticket.id).order_by(Message.id.desc()).first()
    kept = said.text + said.quoted
    assert "Это не я писала" in kept
    assert payload(link) not in kept
    assert BLOT in kept
    assert pairing.read_start(payload(link)), "and it still is good for her"


@pytest.mark.trust("A7")
def test_a_corrected_number_or_address_ends_what_it_had_proven(app: Flask) -> None:
    carol, by_number, by_letter = cast.carol(), chat(), chat(7002)
    pairing.pair_person(by_number, carol, "contact", clock.now())
    pairing.pair_person(by_letter, carol, "link", clock.now())
    clients.change_person(carol, {"name": "Ольга", "phone": "8 (900) 555-01-44"})
    assert len(pairing.chats_of_person(carol)) == 2, "the same number, spelt otherwise"
    clients.change_person(carol, {"phone": NUMBER})
    assert pairing.chats_of_person(carol) == [by_letter]
    clients.change_person(carol, {"email": "olga@neva-trade.example"})
    assert not pairing.chats_of_person(carol)
