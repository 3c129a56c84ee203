"""«Позвать руководителя» in bad hands: no letters to strangers, no flood at night, nothing of others' calls."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app import clock, complaints, escalations, outbox, paging, signing, tickets
from app.actor import Actor
from app.clock import now
from app.complaints import Said, Who
from app.extensions import db
from app.models import Complaint, ComplaintOrigin, Page, Ticket
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.words import ActorKind, Channel
from app.paging.making import MOST_UNCONFIRMED
from tests.cast import acting, alice, carol, masha, request_of_carol
from tests.web.browse import Browser

STRANGER = Actor(ActorKind.CUSTOMER, "Кто-то", Channel.WEB)


def taken() -> Ticket:
    ticket = request_of_carol()
    tickets.take(ticket, acting(alice()), now())
    outbox.commit()
    return ticket


def call_about(ticket: Ticket, **who: Any) -> Complaint:
    made = complaints.open_case(ComplaintOrigin.CALL, Said("Алло"), Who(**who), STRANGER, now(), ticket)
    outbox.commit()
    return made


def letters(notice: str) -> list[str]:
    return list(db.session.scalars(select(Delivery.recipient).where(Delivery.notice == notice)))


def test_who_knows_a_number_has_no_letter_sent_to_an_address_of_their_choice(app: Flask):
    ticket, browser = taken(), Browser(app)
    for _turn in range(4):
        page = browser.open("/head")
        browser.send(page, "/head", text="Алло", email="victim@else.example", number=ticket.number)
    assert letters("complaint_accepted") == []


def test_calls_about_many_numbers_wake_nobody_more_often_than_a_flood_may(app: Flask):
    masha()
    for _turn in range(MOST_UNCONFIRMED + 3):
        call_about(request_of_carol(), phone="+79000000000")
        paging.sweep()
        clock.shift(timedelta(seconds=10))
    assert db.session.scalar(select(func.count(Page.delivery_id.distinct())).where(Page.staff_id.is_not(None))) == 5
    known = request_of_carol()
    tickets.complain(known, "Алло", Actor.of_person(carol(), "Ольга", Channel.WEB), now(), origin=ComplaintOrigin.CALL)
    outbox.commit()
    assert paging.sweep()
    told = select(Page.escalation_id).join(Escalation, Escalation.id == Page.escalation_id)
    assert db.session.scalars(told.where(Escalation.ticket_id == known.id)).all()


def test_a_strangers_call_does_not_tell_when_another_was_seen(app: Flask):
    ticket = taken()
    by = Actor.of_person(carol(), "Ольга", Channel.WEB)
    tickets.complain(ticket, "Касса стоит", by, now(), origin=ComplaintOrigin.CALL)
    escalations.acknowledge(db.session.scalars(select(Escalation)).one(), "", acting(masha()), now())
    outbox.commit()
    clock.shift(timedelta(minutes=5))
    made = call_about(ticket, phone="+79000000000")
    assert complaints.seen(made) is None
    assert "увидел(а)" not in Browser(app).open(f"/head/{signing.complaint_token(made.id)}").text
    clock.shift(timedelta(minutes=40))
    escalations.acknowledge(db.session.scalars(select(Escalation)).one(), "", acting(masha()), now())
    outbox.commit()
    seen = complaints.seen(made)
    assert seen is not None
    assert (seen.name, seen.at > made.opened_at) == ("Мария Иванова", True)


def test_the_head_who_is_the_only_manager_gets_no_letter_of_what_names_them(make_app: Callable[..., Flask]):
    app = make_app(HEAD_EMAIL="masha@stek.example")
    with app.app_context():
        ticket = request_of_carol()
        tickets.assign(ticket, masha(), acting(masha()), now())
        outbox.commit()
        tickets.complain(ticket, "Мария не отвечает", Actor.of_person(carol(), "Ольга", Channel.WEB), now())
        outbox.commit()
        assert letters("complaint_head") == []


def test_a_button_pressed_twice_at_once_is_one_call(app: Flask):
    browsers = [Browser(app), Browser(app)]
    tokens = [one.open("/head").all("input", name="csrf_token")[0].get("value") for one in browsers]
    db.session.rollback()
    start, answers = threading.Barrier(2), []

    def press(index: int) -> None:
        start.wait()
        typed = {"text": "Алло", "phone": "+79000000000", "form_key": "one", "csrf_token": tokens[index]}
        answers.append(browsers[index].client.post("/head", data=typed).location)

    for _turn in range(5):
        answers.clear()
        hands = [threading.Thread(target=press, args=(index,)) for index in range(2)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        assert len(set(answers)) == 1
        assert answers[0]
        db.session.rollback()
    assert len(db.session.scalars(select(Complaint)).all()) == 1
