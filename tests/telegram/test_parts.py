"""Long texts and files leave in parts: in order, and with the buttons under the last words."""

from __future__ import annotations

import time
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import update

from app import clock, files, notify, outbox, tickets
from app.extensions import db
from app.models import DeliveryState, Ticket
from app.models.message import Attachment
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.fake.people import PNG
from tests.telegram.lines import messages, notices, paired, say, send

pytestmark = pytest.mark.usefixtures("unpaced")

OUTAGE = timedelta(minutes=2)


def with_file(ticket: Ticket, name: str, content: bytes, text: str = "Посмотрите файл") -> None:
    kept = files.keep(BytesIO(content), name)
    tickets.reply(ticket, Contribution(text, files=[kept]), acting(alice()), clock.now())
    outbox.commit()


def test_a_long_solution_comes_in_parts_with_the_buttons_under_the_last(
    app: Flask, fake: FakeBotApi, carol: User
) -> None:
    paired(carol)
    ticket = request_of_carol()
    tickets.solve(ticket, Contribution(" ".join(["проверили"] * 700)), acting(alice()), clock.now())
    tickets.reply(ticket, Contribution("и ещё"), acting(alice()), clock.now())
    outbox.commit()
    send()
    first, second, last = carol.messages[1:]
    assert first.labels == []
    assert second.labels == ["1", "2", "3", "4", "5", "Не помогло, открыть заново"]
    assert "и ещё" in last.text
    assert len(first.text) <= 4096
    known = {one.sent_id: one.ticket_id for one in messages(carol)}
    assert {known[said.message_id] for said in (first, second, last)} == {ticket.id}


def test_a_crash_between_two_parts_repeats_one_at_most(app: Flask, fake: FakeBotApi, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol()
    with_file(ticket, "журнал.txt", b"text")
    fake.weather.cut("sendDocument")
    send()
    clock.shift(OUTAGE)
    time.sleep(1.1)
    send()
    assert [said.kind for said in carol.messages] == ["text", "text", "document", "document"]


def test_pictures_come_as_pictures_and_other_files_as_files(app: Flask, fake: FakeBotApi, carol: User) -> None:
    paired(carol)
    ticket = request_of_carol()
    with_file(ticket, "экран.png", PNG)
    with_file(ticket, "журнал.txt", b"text")
    send()
    shown = [(said.kind, said.file_name, said.content) for said in carol.messages if said.kind != "text"]
    assert shown == [("photo", "экран.png", PNG), ("document", "журнал.txt", b"text")]


def test_a_file_that_telegram_refuses_or_that_is_infected_is_named_with_its_place(
    app: Flask, fake: FakeBotApi, carol: User
) -> None:
    paired(carol)
    ticket = request_of_carol()
    fake.weather.fail("sendDocument", status=400, words="Bad Request: file is bad")
    with_file(ticket, "странный.txt", b"text")
    with_file(ticket, "вирус.txt", b"text")
    db.session.execute(update(Attachment).where(Attachment.name == "вирус.txt").values(is_infected=True))
    outbox.commit()
    send()
    refused, infected = (next(t for t in carol.texts if name in t) for name in ("странный.txt", "вирус.txt"))
    assert "Откройте это в заявке: http://localhost/r/" in refused
    assert "Откройте это в заявке: http://localhost/r/" in infected
    assert all(one.state is DeliveryState.ACCEPTED for one in notices())


def test_a_slow_file_holds_up_no_answer_to_others(app: Flask, fake: FakeBotApi, carol: User) -> None:
    other = fake.user("Пётр")
    paired(carol)
    ticket = request_of_carol()
    send()
    with_file(ticket, "большой.txt", b"text")
    fake.weather.hang(3, "sendDocument")
    notify.run()
    say(other, "раз", "два")
    send()
    document = next(said for said in carol.messages if said.kind == "document")
    assert other.messages[-1].at < document.at
