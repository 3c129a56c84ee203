"""A request closes by silence only when nothing that was said in a chat before can still be on its way."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app import alarms, clock, outbox, tickets
from app.extensions import db
from app.models import BotUpdate, State, Sweep, Ticket
from app.tickets import Contribution
from app.tickets.closing import TELEGRAM_ROAD
from tests.cast import acting, alice, request_of_carol
from tests.telegram.fake import User
from tests.telegram.lines import paired, send

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def solved_in_a_chat(carol: User) -> Ticket:
    paired(carol)
    ticket = request_of_carol()
    tickets.solve(ticket, Contribution("Сделано"), acting(alice()), clock.now())
    outbox.commit()
    send()
    alarms.sweep()
    return ticket


def state(ticket: Ticket) -> State:
    return db.session.scalars(select(Ticket.state).where(Ticket.id == ticket.id)).one()


def closing_of(ticket: Ticket) -> datetime:
    closing = db.session.scalars(select(Ticket.close_at).where(Ticket.id == ticket.id)).one()
    assert closing is not None
    return closing


def go_to(moment: datetime) -> None:
    """Move the clock and sweep, as if the desk had been sweeping all along."""
    clock.shift(moment - clock.now())
    with outbox.transaction():
        db.session.merge(Sweep(name=alarms.NAME, ended_at=moment - MINUTE, done=0, error=""))
    alarms.sweep()


def heard(at: datetime) -> None:
    with outbox.transaction():
        db.session.merge(Sweep(name=TELEGRAM_ROAD, ended_at=at, done=0, error=""))


def test_no_word_of_telegram_since_keeps_it_open(desk: Flask, carol: User) -> None:
    ticket = solved_in_a_chat(carol)
    closing = closing_of(ticket)
    heard(closing - HOUR)
    go_to(closing + MINUTE)
    assert state(ticket) is State.SOLVED
    heard(closing + MINUTE)
    go_to(closing + 5 * MINUTE)
    assert state(ticket) is State.CLOSED


def test_an_update_that_is_not_answered_yet_keeps_it_open(desk: Flask, carol: User) -> None:
    ticket = solved_in_a_chat(carol)
    closing = closing_of(ticket)
    heard(closing + HOUR)
    waiting = BotUpdate(id=5, chat_id=carol.id, raw="{}", received_at=closing - HOUR, work_at=closing)
    db.session.add(waiting)
    outbox.commit()
    go_to(closing + MINUTE)
    assert state(ticket) is State.SOLVED
    waiting.work_at = None
    outbox.commit()
    go_to(closing + 5 * MINUTE)
    assert state(ticket) is State.CLOSED


def test_the_reminder_before_closing_comes_to_the_chat_too(desk: Flask, carol: User) -> None:
    ticket = solved_in_a_chat(carol)
    go_to(closing_of(ticket) - 23 * HOUR)
    send()
    said = carol.hears("закроется сама:")
    assert said.labels == ["Не помогло, открыть заново", "Открыть на сайте"]
