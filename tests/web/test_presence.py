"""Who else is before a request, and acts that were decided on what has changed since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock, outbox, presence, tickets
from app.extensions import db, redis_client
from app.models import Ticket
from app.presence import Doing
from tests.cast import acting, alice, bob, masha
from tests.web.acting import action, address
from tests.web.browse import Browser


@pytest.fixture(autouse=True)
def nobody_is_here(app: Flask, redis_url: str) -> None:
    redis_client(redis_url).delete("hd:presence")


def test_a_colleague_is_shown_while_heard_of(alices: Browser, ticket: Ticket):
    at = clock.now()
    presence.note(ticket.number, bob().id, Doing.TYPING, at - timedelta(minutes=1))
    assert presence.everyone(at) == []
    presence.note(ticket.number, bob().id, Doing.TYPING, at - timedelta(seconds=10))
    presence.note(ticket.number, masha().id, Doing.VIEWING, at)
    presence.note(ticket.number, alice().id, Doing.TYPING, at)
    page = alices.open(address(ticket))
    assert "Борис Белов пишет ответ" in page.text
    assert "Алиса Орлова пишет" not in page.text
    assert alices.client.get("/presence").get_json() == {ticket.number: "Белов отвечает"}
    presence.leave(ticket.number, bob().id, at)
    assert "Сейчас смотрит: Иванова" in alices.open(address(ticket)).text
    assert alices.client.get("/presence").get_json() == {}


def test_who_types_longer_keeps_the_moment_of_beginning(ticket: Ticket):
    at = clock.now()
    for seconds in (0, 8, 16):
        presence.note(ticket.number, bob().id, Doing.TYPING, at + timedelta(seconds=seconds))
    (here,) = presence.everyone(at + timedelta(seconds=20))
    assert abs(here.since - at) < timedelta(seconds=1)


def test_lists_hear_of_writing_alone_and_pages_of_their_own_request(ticket: Ticket, monkeypatch):
    told: list[list[str]] = []
    monkeypatch.setattr("app.bell.publish", lambda topics: told.append(list(topics)))
    at, own = clock.now(), f"presence:{ticket.number}"
    presence.note(ticket.number, bob().id, Doing.VIEWING, at)
    presence.note(ticket.number, bob().id, Doing.VIEWING, at)
    presence.note(ticket.number, bob().id, Doing.TYPING, at)
    presence.note(ticket.number, bob().id, Doing.VIEWING, at)
    presence.leave(ticket.number, bob().id, at)
    presence.leave(ticket.number, bob().id, at)
    presence.note(ticket.number, bob().id, Doing.TYPING, at)
    presence.leave(ticket.number, bob().id, at)
    both = [own, "writing"]
    assert told == [[own], [], both, both, [own], [], both, both]


def test_pages_say_that_they_are_open(app: Flask, alices: Browser, ticket: Ticket):
    token = alices.open(address(ticket)).all("input", name="csrf_token")[0].get("value")
    for doing, expected in (("viewing", [Doing.VIEWING]), ("typing", [Doing.TYPING]), ("left", [])):
        data = {"doing": doing, "csrf_token": token}
        assert alices.client.post(f"{address(ticket)}/presence", data=data).status_code == 204
        assert [one.doing for one in presence.everyone(clock.now())] == expected
    alices.client.post("/tickets/123/presence", data={"doing": "typing", "csrf_token": token})
    assert presence.everyone(clock.now()) == []


def test_without_redis_nobody_is_shown_and_pages_work(app: Flask, alices: Browser, ticket: Ticket, monkeypatch):
    presence.note(ticket.number, bob().id, Doing.TYPING, clock.now())
    monkeypatch.setattr("app.bell.redis_client", lambda _url: redis_client("redis://127.0.0.1:9"))
    assert "пишет ответ" not in alices.open(address(ticket)).text
    monkeypatch.undo()


def test_an_act_on_what_a_colleague_changed_waits_for_a_look(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    assigning = action(page, f"{address(ticket)}/assignment")
    solving = action(page, f"{address(ticket)}/solution")
    tickets.take(ticket, acting(bob()), clock.now())
    outbox.commit()
    refused = alices.send(page, assigning, 409, engineer=str(alice().id))
    assert "Пока вы смотрели, в заявке изменилось" in refused.text
    assert "Белов" in refused.text
    db.session.expire_all()
    assert ticket.engineer_id == bob().id
    kept = alices.send(page, solving, 409, text="Заменила картридж")
    assert "Заменила картридж" in kept.text
    again = action(refused, f"{address(ticket)}/assignment")
    alices.send(refused, again, engineer=str(alice().id))
    db.session.expire_all()
    assert ticket.engineer_id == alice().id
