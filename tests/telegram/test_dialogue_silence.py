"""What silence does: two clocks at once do it once, a failure costs a minute and no words."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app import clock, outbox
from app.calendar_versions import keep_calendar
from app.extensions import db
from app.intake.telegram import dialogue
from app.models import CalendarRecord, Ticket
from tests.telegram.talker import Talker


@pytest.mark.trust("R3")
def test_two_clocks_register_once(app: Flask):
    talkers = [Talker(chat_id) for chat_id in range(7001, 7006)]
    for talker in talkers:
        talker.write(f"Не печатает принтер {talker.chat_id}")
    clock.shift(timedelta(minutes=16))
    db.session.rollback()
    done: list[int] = []

    def run() -> None:
        with app.app_context():
            done.append(dialogue.run_due(clock.now()))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == len(talkers)
    assert sorted(db.session.scalars(select(Ticket.what))) == [f"Не печатает принтер {one.chat_id}" for one in talkers]


def test_a_failure_costs_a_minute_and_no_words(app: Flask):
    talker = Talker()
    talker.write("Не печатает принтер")
    spec = db.session.get_one(CalendarRecord, "ru-5x9").spec
    db.session.execute(delete(CalendarRecord).where(CalendarRecord.name == "ru-5x9"))
    outbox.commit()
    clock.shift(timedelta(minutes=16))
    assert dialogue.run_due(clock.now()) == 0
    assert talker.chat.draft["text"] == "Не печатает принтер"
    assert dialogue.run_due(clock.now()) == 0, "not again at once"
    keep_calendar(spec, clock.now())
    outbox.commit()
    clock.shift(timedelta(minutes=2))
    assert dialogue.run_due(clock.now()) == 1
    assert talker.ticket.what == "Не печатает принтер"


def test_words_that_came_meanwhile_begin_the_silence_anew(app: Flask):
    talker = Talker()
    talker.write("Не печатает принтер")
    talker.falls_silent(14)
    talker.write("и сканер")
    talker.falls_silent(14)
    assert talker.tickets == []
    talker.falls_silent(2)
    assert talker.ticket.what == "Не печатает принтер\nи сканер"
