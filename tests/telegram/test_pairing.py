"""Whose chat it is: links and numbers prove it; what somebody typed proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app import clock, outbox, pairing
from app.chats import follow, may_see
from app.extensions import db
from app.models import Channel, Chat, Person, Staff
from tests import cast
from tests.telegram.chats import chat, payload


@pytest.mark.trust("I2")
def test_a_link_of_a_letter_opens_its_reader_once(app: Flask) -> None:
    carol = cast.carol()
    start = payload(pairing.person_link(carol, clock.now()))
    found = pairing.read_start(start)
    assert found
    assert found.person is carol
    hers = chat()
    pairing.pair_person(hers, carol, "link", clock.now().replace(microsecond=0))
    outbox.commit()
    assert pairing.read_start(start) is None, "spent"
    clock.shift(timedelta(seconds=1))
    assert pairing.read_start(payload(pairing.person_link(carol, clock.now())))


def test_a_link_ends_with_its_time_and_with_the_address(app: Flask) -> None:
    carol, alice, ticket = cast.carol(), cast.alice(), cast.request_of_carol()
    links = [
        payload(pairing.person_link(carol, clock.now())),
        payload(pairing.staff_link(alice, clock.now())),
        payload(pairing.ticket_link(ticket, clock.now())),
    ]
    assert all(map(pairing.read_start, links))
    clock.shift(timedelta(hours=2))
    assert [bool(pairing.read_start(link)) for link in links] == [True, False, True]
    ticket.link_version += 1
    carol.email = "olga@neva-trade.example"
    outbox.commit()
    assert not any(map(pairing.read_start, links))
    fresh = payload(pairing.person_link(carol, clock.now()))
    clock.shift(timedelta(days=3, seconds=1))
    assert pairing.read_start(fresh) is None


@pytest.mark.trust("I2")
def test_a_link_cannot_be_made_up(app: Flask) -> None:
    carol = cast.carol()
    good = payload(pairing.person_link(carol, clock.now()))
    assert len(good) <= 64
    for index in range(len(good)):
        other = "A" if good[index] != "A" else "B"
        assert pairing.read_start(good[:index] + other + good[index + 1 :]) is None, index
    for bad in (
        "",
        "abc",
        good[:-1],
        good + "A",
        good + "=",
        "Ж" * 39,
        "A" * 39,
        good[::-1],
        "p" * 64,
        "\x00",
        "-" * 39,
    ):
        assert pairing.read_start(bad) is None, bad
    later = payload(pairing.person_link(carol, clock.now() + timedelta(hours=1)))
    assert pairing.read_start(later) is None, "made in the future"


def test_without_a_bot_there_are_no_links(make_app: Callable[..., Flask]) -> None:
    with make_app().app_context():
        assert pairing.person_link(cast.carol(), clock.now()) == ""


@pytest.mark.trust("A7")
def test_who_leaves_the_staff_loses_chat_and_links_at_once(app: Flask) -> None:
    alice, hers = cast.alice(), chat()
    start = payload(pairing.staff_link(alice, clock.now()))
    pairing.pair_staff(hers, alice, clock.now())
    outbox.commit()
    assert pairing.staff_of(hers) is alice
    other = payload(pairing.staff_link(alice, clock.now() + timedelta(milliseconds=5)))
    result = app.test_cli_runner().invoke(args=["staff", "disable", alice.email])
    assert result.exit_code == 0, result.output
    db.session.expire_all()
    gone, left = db.session.get_one(Chat, hers.id), db.session.get_one(Staff, alice.id)
    assert gone.staff_id is None
    assert pairing.staff_of(gone) is None
    clock.shift(timedelta(seconds=1))
    assert pairing.read_start(start) is None
    assert pairing.read_start(other) is None
    gone.staff_id = left.id  # whatever else might have left the tie
    assert pairing.staff_of(gone) is None


@pytest.mark.trust("A7")
def test_a_new_password_ends_chats_as_it_ends_sessions(app: Flask) -> None:
    alice, hers = cast.alice(), chat()
    pairing.pair_staff(hers, alice, clock.now())
    outbox.commit()
    assert app.test_cli_runner().invoke(args=["staff", "password", alice.email]).exit_code == 0
    db.session.expire_all()
    assert db.session.get(Chat, hers.id).staff_id is None


@pytest.mark.trust("I2")
def test_a_form_with_her_address_and_his_phone_makes_him_nobody(app: Flask) -> None:
    """Mallory sends a form in the name of an applicant who has no number yet, with his own."""
    victim = Person(name="Ирина", email="irina@neva-trade.example", is_confirmed=True, created_at=clock.now())
    db.session.add(victim)
    outbox.commit()
    cast.request_of_carol(email=victim.email, phone="+79990000666", name="Ирина")
    assert victim.phone == "+79990000666"
    assert pairing.owner_of("+79990000666") is None


def test_a_confirmed_number_has_one_owner_or_none(app: Flask) -> None:
    carol = cast.carol()
    assert pairing.owner_of(str(carol.phone)) is None
    pairing.confirm_phone(carol, str(carol.phone))
    assert pairing.owner_of(str(carol.phone)) is carol
    db.session.add(Person(name="Сосед", phone=carol.phone, is_phone_confirmed=True, created_at=clock.now()))
    db.session.flush()
    assert pairing.owner_of(str(carol.phone)) is None


@pytest.mark.trust("I2")
def test_a_chat_that_says_it_is_her_sees_nothing_of_hers(app: Flask) -> None:
    ticket, his = cast.request_of_carol(), chat(666)
    his.typed = {"email": "carol@neva-trade.example", "phone": "+79005550144", "name": "Петрова Ольга Сергеевна"}
    outbox.commit()
    assert not may_see(his, ticket)
    own = cast.request_of_carol(text="От её имени", channel=Channel.TELEGRAM)
    follow(his, own)
    outbox.commit()
    assert may_see(his, own)
    assert not may_see(his, ticket)


def test_undoing_takes_away_what_the_chat_saw(app: Flask) -> None:
    carol, ticket, hers = cast.carol(), cast.request_of_carol(), chat()
    pairing.pair_person(hers, carol, "code", clock.now())
    follow(hers, ticket)
    outbox.commit()
    assert may_see(hers, ticket)
    pairing.unpair(hers, clock.now())
    outbox.commit()
    assert not may_see(hers, ticket)
    assert pairing.person_of(hers) is None
    assert hers.paired_at is None


def test_a_chat_is_one_persons(app: Flask) -> None:
    carol, alice, one = cast.carol(), cast.alice(), chat()
    pairing.pair_person(one, carol, "contact", clock.now())
    one.wishes = {"urgent": False}
    pairing.pair_staff(one, alice, clock.now())
    outbox.commit()
    assert pairing.person_of(one) is None
    assert pairing.staff_of(one) is alice
    assert pairing.wants(one, pairing.Wish.URGENT)
    assert pairing.unpair_staff(alice, clock.now()) == 1
