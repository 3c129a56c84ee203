"""Taking charge: by link, by button, by page; the first stops it for all, the second reads who was first."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import alarms, clock, notify, outbox, paging, tickets
from app.actor import Actor
from app.extensions import db
from app.models import Cause, Channel, DeliveryState, DutyRole, Escalation, Staff
from app.paging import acknowledging
from app.web import links
from tests.cast import acting, alice, bob, carol, masha, request_of_carol
from tests.duty.rota import shift
from tests.notify.letters import text_of, to
from tests.paging.night import HEAD, MINUTE, THREE, called, escalation_of, go_to, letters, urgent
from tests.servers import UNLIMITED
from tests.web.browse import Browser
from tests.web.signing_in import signed_in


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """A desk on New Year's night: Alice is on duty, Bob the next one, Masha manages."""
    app = make_app(**UNLIMITED)
    with app.app_context():
        clock.shift(THREE - timedelta(days=1) - clock.now())
        masha()
        shift(alice(), "2026-12-31 09:00", "2027-01-02 09:00")
        yield app


def link_to(address: str) -> str:
    """The link in the newest letter of pages to somebody, as a path."""
    notify.run()
    found = [re.search(r"https?://[^/]+(/pages/\S+)", text_of(letter)) for letter in to(address)]
    return [one[1] for one in found if one][-1]


def test_a_link_opens_a_page_whose_button_takes_charge(app: Flask) -> None:
    ticket = urgent()
    go_to(THREE)
    scanner, reader = Browser(app), Browser(app)
    link = link_to("alice@stek.example")
    for _ in range(3):
        page = scanner.open(link)
    assert "Взять на контроль?" in page.text
    assert escalation_of(ticket).acknowledged_at is None, "looking changes nothing"
    reader.send(reader.open(link), f"{link}/acknowledgement")
    one = escalation_of(ticket)
    assert (one.acknowledged_by_id, one.watched_by_id) == (alice().id, alice().id)
    assert "На контроле Алиса Орлова" in reader.open(link).text
    assert go_to(THREE + 20 * MINUTE) == 0


def test_the_head_takes_charge_by_the_letter_to_the_firms_address(app: Flask) -> None:
    db.session.get_one(Staff, alice().id).is_disabled = True
    outbox.commit()
    ticket = urgent()
    go_to(THREE)
    reader = Browser(app)
    link = link_to(HEAD)
    reader.send(reader.open(link), f"{link}/acknowledgement")
    assert escalation_of(ticket).note == f"По ссылке из письма на {HEAD}"
    assert HEAD in reader.open(link).text


def test_who_presses_second_reads_who_was_first(app: Flask) -> None:
    shift(bob(), "2026-12-31 09:00", "2027-01-02 09:00", DutyRole.NEXT)
    ticket = urgent()
    go_to(THREE)
    go_to(THREE + 10 * MINUTE)
    first, second = Browser(app), Browser(app)
    of_alice, of_bob = link_to("alice@stek.example"), link_to("bob@stek.example")
    pages = first.open(of_alice), second.open(of_bob)
    first.send(pages[0], f"{of_alice}/acknowledgement")
    second.send(pages[1], f"{of_bob}/acknowledgement")
    assert escalation_of(ticket).watched_by_id == alice().id
    assert "На контроле Алиса Орлова" in second.open(of_bob).text


def test_two_at_once_are_one_and_the_other_is_told(app: Flask) -> None:
    ticket = urgent()
    go_to(THREE)
    one_id, people = escalation_of(ticket).id, [acting(masha()), acting(alice())]
    db.session.rollback()
    start, answers = threading.Barrier(2), []

    def press(index: int) -> None:
        with app.app_context():
            start.wait()
            with outbox.transaction():
                answers.append(paging.acknowledge([one_id], people[index], clock.now()))
            db.session.remove()

    hands = [threading.Thread(target=press, args=(index,)) for index in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    winner, loser = sorted(answers, key=lambda answer: not answer.is_first)
    assert (winner.is_first, loser.is_first) == (True, False)
    assert loser.who == winner.who
    assert db.session.get_one(Staff, escalation_of(ticket).watched_by_id or 0).name == winner.who


@pytest.mark.parametrize("how", ["forged", "of another letter", "too old", "of somebody who left"])
def test_a_link_that_is_not_theirs_does_nothing(app: Flask, how: str) -> None:
    ticket = urgent()
    go_to(THREE)
    go_to(THREE + 20 * MINUTE)
    link = link_to("alice@stek.example")
    mallory = Browser(app)
    status = 404
    if how == "forged":
        link = link[:-4] + ("AAAA" if not link.endswith("AAAA") else "BBBB")
    elif how == "of another letter":
        other = letters("masha@stek.example")[0].id
        link = re.sub(r"/pages/\d+", f"/pages/{other}", link)
    elif how == "too old":
        clock.shift(timedelta(days=1, seconds=1))
        status = 410
    else:
        db.session.get_one(Staff, alice().id).is_disabled = True
        outbox.commit()
        status = 410
    mallory.open(link, status)
    assert escalation_of(ticket).acknowledged_at is None


def test_what_waits_in_the_line_is_not_sent_once_somebody_has_charge(app: Flask) -> None:
    ticket = urgent()
    go_to(THREE)
    with outbox.transaction():
        paging.acknowledge([escalation_of(ticket).id], acting(masha()), clock.now())
    notify.run()
    assert [one.state for one in letters("alice@stek.example")] == [DeliveryState.FAILED]


def test_letters_that_a_dead_server_kept_are_one_when_it_is_back(app: Flask) -> None:
    urgent()
    for minute in (0, 10, 20, 50, 80):
        go_to(THREE + minute * MINUTE)
    notify.run()
    states = [one.state for one in letters("alice@stek.example")]
    assert states == [DeliveryState.FAILED] * 4 + [DeliveryState.ACCEPTED]


def test_an_engineer_who_was_not_called_may_not(app: Flask) -> None:
    ticket = urgent()
    go_to(THREE)
    assert not paging.may_acknowledge(escalation_of(ticket), acting(bob()))
    with outbox.transaction():
        assert not paging.acknowledge([escalation_of(ticket).id], acting(bob()), clock.now()).is_first
    assert escalation_of(ticket).acknowledged_at is None


def test_who_is_called_takes_charge_of_the_request_but_of_no_complaint(app: Flask) -> None:
    ticket = urgent()
    go_to(THREE)
    go_to(THREE + MINUTE)
    tickets.complain(ticket, "Никто не звонит", Actor.of_person(carol(), "Ольга", Channel.WEB), clock.now())
    outbox.commit()
    with outbox.transaction():
        paging.acknowledge([escalation_of(ticket).id], acting(alice()), clock.now())
    query = select(Escalation).where(Escalation.watched_by_id == alice().id)
    assert {one.cause for one in db.session.scalars(query)} == {Cause.URGENT_UNTAKEN, Cause.MISSED}


def test_the_log_says_who_was_called_and_what_became_of_it(app: Flask) -> None:
    ticket = urgent()
    go_to(THREE)
    notify.run()
    manager = signed_in(app, masha())
    page = manager.open(f"/escalations/{escalation_of(ticket).id}")
    assert "Кого звали: 1 3:00 Орлова, письмо: принято" in page.text


def test_the_customer_who_called_the_head_sees_who_saw_it_and_when(app: Flask) -> None:
    ticket = request_of_carol()
    clock.shift(THREE - clock.now())
    tickets.complain(
        ticket, "Никто не звонит", Actor.of_person(carol(), "Петрова Ольга Сергеевна", Channel.WEB), clock.now()
    )
    outbox.commit()
    alarms.sweep()
    paging.sweep()
    link = link_to("masha@stek.example")
    reader = Browser(app)
    reader.send(reader.open(link), f"{link}/acknowledgement")
    page = Browser(app).open(f"/r/{links.token_of(ticket)}")
    assert "Мария Иванова увидел(а) ваше сообщение в 3:00" in page.text
    assert called()[0] == ("03:00", "masha@stek.example")


def test_nobody_who_has_charge_is_no_answer(app: Flask) -> None:
    ticket = urgent()
    go_to(THREE)
    assert acknowledging.standing([escalation_of(ticket)], clock.now()) == acknowledging.Answer(False)
