"""Each letter once, when its time has come, unless time has overtaken it; and no address is flooded."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import alarms, clock, notify, outbox, tickets
from app.extensions import db
from app.models import Channel, Delivery, DeliveryState, Event, EventKind, Holder, Ticket
from app.notify import claims
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.notify.mail_server import MailServer
from tests.notify.rows import CAROL, OFFICE, carols_act, deliveries

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def test_drained_and_sent_twice_is_sent_once(desk: Flask, server: MailServer) -> None:
    request_of_carol()
    notify.drain()
    notify.drain()
    notify.run()
    notify.run()
    assert Counter(one.recipient for one in server.taken) == {CAROL: 1, OFFICE: 1}


def test_a_reply_waits_out_its_undo_time_and_a_recalled_one_never_leaves(desk: Flask, server: MailServer) -> None:
    ticket = request_of_carol()
    by = acting(alice(), Channel.WEB)
    tickets.reply(ticket, Contribution("Останется"), by, clock.now())
    withdrawn = tickets.reply(ticket, Contribution("Отзовут"), by, clock.now())
    outbox.commit()
    clock.shift(5 * SECOND)
    notify.run()
    assert len(server.to(CAROL)) == 1
    assert not notify.is_due()
    tickets.recall(ticket, withdrawn, by, clock.now())
    outbox.commit()
    clock.shift(5.1 * SECOND)
    assert notify.is_due()
    notify.run()
    assert [str(letter.get_body(("plain",))).count("Отзовут") for letter in server.to(CAROL)] == [0, 0]


@pytest.mark.trust("R25")
def test_a_closing_moment_is_set_by_acceptance_and_not_by_the_click(desk: Flask, server: MailServer) -> None:
    ticket = request_of_carol()
    notify.run()
    tickets.solve(ticket, Contribution("Сделано"), acting(alice()), clock.now())
    outbox.commit()
    server.answers[CAROL] = ["451 4.3.0 Later"]
    server.refused[OFFICE] = "550 no"
    notify.run()
    alarms.sweep()
    assert closing_of(ticket) is None
    clock.shift(timedelta(hours=4))
    notify.run()
    alarms.sweep()
    solved = next(one for one in deliveries() if one.notice == "solved")
    assert solved.accepted_at
    assert solved.closing_at
    assert closing_of(ticket) == solved.closing_at >= solved.accepted_at + timedelta(hours=72)


def closing_of(ticket: Ticket) -> datetime | None:
    return db.session.scalar(select(Ticket.close_at).where(Ticket.id == ticket.id))


@pytest.mark.trust("R20")
def test_eight_workers_send_each_letter_once(desk: Flask, server: MailServer) -> None:
    for number in range(25):
        request_of_carol(text=f"Заявка {number}")
    db.session.remove()

    def work() -> None:
        with desk.app_context():
            notify.run()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    ids = Counter(one.letter["Message-ID"] for one in server.taken)
    assert len(ids) == 50
    assert set(ids.values()) == {1}


@pytest.mark.trust("R19")
def test_a_worker_killed_between_claim_and_sending_costs_one_lease(desk: Flask, server: MailServer) -> None:
    request_of_carol()
    notify.drain()
    with outbox.transaction():
        claim = claims.take()  # and here the worker dies
    assert claim is not None
    notify.run()
    assert len(server.taken) == 1, "the other letter only"
    clock.shift(timedelta(seconds=30))
    notify.run()
    assert len(server.taken) == 2


@pytest.mark.trust("R15")
def test_what_time_has_overtaken_is_not_sent(desk: Flask, server: MailServer) -> None:
    ticket = request_of_carol()
    tickets.ask(ticket, Contribution("Какая версия?"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    outbox.record(ticket, EventKind.REMINDED, carols_act(), clock.now(), about="question")
    tickets.answer(ticket, Contribution("8.3"), carols_act(), clock.now())
    outbox.commit()
    before = len(server.to(CAROL))
    notify.run()
    assert len(server.to(CAROL)) == before
    late = deliveries()[-1]
    assert (late.notice, late.state, late.is_escalated) == ("reminded", DeliveryState.FAILED, True)


def test_nobody_is_told_to_look_once_the_ball_came_back(desk: Flask, server: MailServer) -> None:
    """The day to look again came, and the third party answered before the letter left."""
    ticket, at = request_of_carol(), clock.now()
    tickets.take(ticket, acting(alice()), at)
    tickets.hold(ticket, Holder.THIRD_PARTY, "Провайдер", acting(alice()), at, at + 2 * MINUTE)
    outbox.commit()
    notify.run()
    before = len(server.to(alice().email))
    clock.shift(2 * MINUTE)
    alarms.sweep()
    notify.drain()
    tickets.hold(ticket, Holder.ENGINEER, "", acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    assert len(server.to(alice().email)) == before
    late = deliveries(alice().email)[-1]
    assert (late.notice, late.state) == ("look_again", DeliveryState.FAILED)


def test_events_are_drained_by_one_at_a_time_in_order(desk: Flask, server: MailServer) -> None:
    for number in range(40):
        request_of_carol(text=f"Заявка {number}")
    db.session.remove()

    def work() -> None:
        with desk.app_context():
            while notify.drain(7):
                pass

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    rows = db.session.execute(select(Delivery.event_id).order_by(Delivery.id)).scalars().all()
    assert len(rows) == 80
    assert rows == sorted(filter(None, rows))
    assert db.session.scalar(select(Event.id).where(Event.drain_at.is_not(None)).limit(1)) is None
