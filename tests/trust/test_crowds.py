"""Many hands on one thing: eight workers on the same rows, the customer against the clock, two engineers at once."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from werkzeug.test import TestResponse

from app import alarms, clock, escalations, notify, outbox, signing, tickets
from app.extensions import db
from app.intake import letters
from app.models import (
    Delivery,
    DeliveryChannel,
    DeliveryState,
    Event,
    EventKind,
    Letter,
    Message,
    MessageKind,
    Staff,
    Ticket,
)
from app.tickets import Contribution
from app.tickets.alarm import Alarm, set_alarm
from app.troubles import Trouble
from app.web import links
from tests.cast import acting, alice, bob, masha, request_of_carol
from tests.intake.mailing import mail
from tests.notify.mail_server import MailServer
from tests.servers import UNLIMITED
from tests.web.signing_in import browser_of, csrf_token

pytestmark = pytest.mark.timeout(900 if os.environ.get("TRUST") == "full" else 120)

FULL = os.environ.get("TRUST") == "full"  # as bin/check --long sets it
WORKERS = 8
ROWS = 1000 if FULL else 80
RACES = 100 if FULL else 15
CAROL = "carol@neva-trade.example"


@pytest.fixture
def desk(make_app: Callable[..., Flask], server: MailServer) -> Iterator[Flask]:
    app = make_app(MAIL_SERVER="127.0.0.1", MAIL_PORT=str(server.port), UNDO_SEND="0s", **UNLIMITED)
    with app.app_context():
        yield app


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment, each in a thread of its own; what came of each."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        gate.wait(30)
        return act()

    db.session.rollback()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def inside(desk: Flask, act: Callable[[], object]) -> Callable[[], object]:
    """The act as a worker does it."""

    def run() -> object:
        with desk.app_context():
            return act()

    return run


@pytest.mark.trust("R20")
def test_eight_workers_send_each_letter_once(desk: Flask, server: MailServer) -> None:
    ticket = request_of_carol()
    notify.run()
    server.taken.clear()
    event_id = db.session.scalar(select(func.min(Event.id)))
    rows = [
        {
            "event_id": event_id,
            "ticket_id": ticket.id,
            "notice": "registered",
            "channel": DeliveryChannel.EMAIL,
            "recipient": f"crowd{number}@neva-trade.example",
            "state": DeliveryState.WAITING,
            "message_id": signing.message_id(ticket.number, 10_000_000 + number),
            "created_at": clock.now(),
            "next_attempt_at": clock.now(),
            "is_for_customer": False,
        }
        for number in range(ROWS)
    ]
    db.session.execute(insert(Delivery), rows)
    db.session.commit()
    at_once(*[inside(desk, notify.run)] * WORKERS)
    copies = Counter(one.recipient for one in server.taken)
    assert len(copies) == ROWS
    assert set(copies.values()) == {1}
    left = select(func.count()).where(Delivery.state != DeliveryState.ACCEPTED)
    assert db.session.scalar(left) == 0


def due_to_close(count: int) -> list[int]:
    """Requests whose days of silence are over now; their ids."""
    ids = []
    for number in range(count):
        ticket = request_of_carol(text=f"Заявка {number}")
        tickets.solve(ticket, Contribution("Готово"), acting(alice()), clock.now())
        ticket.close_at = clock.now()
        set_alarm(ticket, Alarm.CLOSE, ticket.close_at)
        outbox.commit()
        ids.append(ticket.id)
    return ids


def closings() -> Counter[int]:
    """How often each request was closed."""
    found = Counter(db.session.scalars(select(Event.ticket_id).where(Event.kind == EventKind.CLOSED)))
    db.session.rollback()
    return found


@pytest.mark.trust("R20")
def test_eight_sweeps_close_each_request_once(desk: Flask) -> None:
    alarms.sweep()
    ids = due_to_close(max(30, ROWS // 8))
    for _ in range(2 * len(ids) // alarms.MOST_CLOSINGS + 2):
        at_once(*[inside(desk, alarms.sweep)] * WORKERS)
        if trouble := escalations.open_system(Trouble.CLOSINGS):
            escalations.acknowledge(trouble, "так и надо", acting(masha()), clock.now())
        outbox.commit()
        clock.shift(2 * alarms.LATER)
    assert closings() == Counter(ids)


def answer_by_page(desk: Flask, ticket: Ticket, text: str) -> Callable[[], object]:
    """Carol has her page open and is about to send."""
    client, address = desk.test_client(), f"/r/{links.token_of(ticket)}"
    [page] = at_once(lambda: client.get(address).text)
    hidden = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"', str(page)))
    return lambda: client.post(f"{address}/answer", data={"text": text, **hidden}).status_code


def answer_by_letter(desk: Flask, ticket: Ticket, text: str) -> Callable[[], object]:
    """Carol's letter arrives and is filed."""
    raw = mail(text, subject=f"Re: [#{ticket.number}]", sender=CAROL, Message_ID=f"<{ticket.id}@neva>")

    def arrive() -> object:
        letters.store(raw, "pipe")
        letters.file_received()
        return 303

    return inside(desk, arrive)


@pytest.mark.trust("R26")
@pytest.mark.parametrize("road", [answer_by_page, answer_by_letter])
def test_an_answer_in_the_second_of_closing_is_never_lost(
    desk: Flask, road: Callable[..., Callable[[], object]]
) -> None:
    alarms.sweep()
    winners: Counter[str] = Counter()
    for number in range(RACES):
        [ticket_id] = due_to_close(1)
        ticket = db.session.get_one(Ticket, ticket_id)
        text = f"Нет, не работает снова, попытка {number}"
        answered, _swept = at_once(road(desk, ticket, text), inside(desk, alarms.sweep))
        assert answered == 303, "the customer need not know of our clock"
        db.session.rollback()
        if db.session.scalar(select(func.count()).where(Letter.file_at.is_not(None))):
            clock.shift(timedelta(seconds=20))  # the next try of a letter that was disturbed
            letters.file_received()
        ticket = db.session.get_one(Ticket, ticket_id, populate_existing=True)
        said = select(Message.text).where(Message.ticket_id == ticket_id, Message.kind == MessageKind.ANSWER)
        assert db.session.scalars(said).all() == [text]
        assert (ticket.is_active, ticket.reopened_count) == (True, 1)
        winners["clock" if closings()[ticket_id] else "customer"] += 1
    print(dict(winners))


def opened_by(desk: Flask, member: Staff) -> tuple[FlaskClient, str]:
    client = browser_of(desk, member)
    [token] = at_once(lambda: csrf_token(client))
    return client, str(token)


def words(token: str) -> str:
    return f"Слова, которые жалко потерять: {hashlib.sha256(token.encode()).hexdigest()}"


Sent = tuple[str, dict[str, str]]
ACTS: dict[str, tuple[Callable[[int], Sent], EventKind]] = {
    "take": (lambda _seen: ("taking", {}), EventKind.TAKEN),
    "answer": (lambda seen: ("reply", {"kind": "reply", "seen": str(seen)}), EventKind.REPLIED),
    "solve": (lambda seen: ("solution", {"seen": str(seen)}), EventKind.SOLVED),
}


@pytest.mark.trust("R27")
@pytest.mark.parametrize("act", list(ACTS))
def test_of_two_engineers_at_once_one_acts_and_the_other_is_told(desk: Flask, act: str) -> None:
    form, kind = ACTS[act]
    engineers = [opened_by(desk, alice()), opened_by(desk, bob())]
    for _ in range(RACES):
        ticket = request_of_carol()
        ticket_id, number = ticket.id, ticket.number
        seen = db.session.scalar(select(func.max(Message.id)).where(Message.ticket_id == ticket_id))
        path, data = form(int(seen or 0))

        answers = at_once(
            *[
                partial(
                    client.post, f"/tickets/{number}/{path}", data={**data, "text": words(token), "csrf_token": token}
                )
                for client, token in engineers
            ]
        )
        assert sorted(answer.status_code for answer in answers if isinstance(answer, TestResponse)) == [303, 409]
        for (_client, token), answer in zip(engineers, answers, strict=True):
            assert isinstance(answer, TestResponse)
            if answer.status_code == 409:
                assert 'role="alert"' in answer.text
                assert act == "take" or words(token) in answer.text
        db.session.rollback()
        assert db.session.scalar(select(func.count()).where(Event.ticket_id == ticket_id, Event.kind == kind)) == 1
        staff = select(func.count()).where(Message.ticket_id == ticket_id, Message.staff_id.is_not(None))
        assert db.session.scalar(staff) == (0 if act == "take" else 1)
