"""What a stream carries of its browser's queue: the very answers that the browser would get, and nothing else."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app import outbox, sessions, tickets
from app.clock import now
from app.models import Ticket
from app.reading.queue_selection import Selection
from app.web import carried
from app.web.carried import MOST_ROWS, CarriedQueue
from tests.cast import acting, alice, bob, request_of_carol
from tests.web.signing_in import browser_of


def carried_for(client: FlaskClient, **asked: str) -> CarriedQueue:
    with client:
        assert client.get("/queue").status_code == 200
        environ = dict(request.environ)
    app = client.application
    return CarriedQueue(environ, app.wsgi_app, app.url_map, Selection.parse(asked))


def events(parts: CarriedQueue, *topics: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for event in (*parts.rows(list(topics)), *parts.counts()):
        name, _newline, data = event.removeprefix("event: ").partition("\ndata: ")
        assert event.endswith("\n\n")
        assert "\n" not in data.removesuffix("\n\n")
        found.append((name, json.loads(data)))
    return found


def row_of(client: FlaskClient, ticket: Ticket, query: str) -> str:
    return client.get(f"/queue/rows/{ticket.number}?{query}", headers={"HX-Request": "true"}).text


def test_a_row_is_carried_as_its_reader_would_fetch_it(app: Flask):
    ticket = request_of_carol()
    tickets.take(ticket, acting(alice()), now())
    outbox.commit()
    for member, words in ((alice(), "Вы</span></td>"), (bob(), "Орлова</span></td>")):
        client = browser_of(app, member)
        ((name, part),) = events(carried_for(client), f"ticket:{ticket.number}")
        assert name == "row"
        assert part == {"queue": "view=open", "number": ticket.number, "html": row_of(client, ticket, "view=open")}
        assert words in part["html"]


def test_what_the_selection_does_not_show_is_carried_as_nothing(app: Flask):
    ticket = request_of_carol()
    parts = carried_for(browser_of(app, alice()), view="mine", channel="web")
    ((_name, part),) = events(parts, f"ticket:{ticket.number}")
    assert part == {"queue": "view=mine&channel=web", "number": ticket.number, "html": ""}


@pytest.mark.trust("A5")
@pytest.mark.parametrize("end", ["logout", "disabled"])
def test_nothing_is_carried_for_who_is_signed_out(app: Flask, end: str):
    ticket, client = request_of_carol(), browser_of(app, alice())
    parts = carried_for(client)
    with client.session_transaction() as session:
        key = session["_user_id"]
    if end == "logout":
        sessions.end(key)
    else:
        alice().is_disabled = True
    outbox.commit()
    assert events(parts, f"ticket:{ticket.number}", "queue") == []


def test_a_stream_carries_what_its_address_asks_for_and_then_names_the_topics(app: Flask):
    ticket = request_of_carol()
    client = browser_of(app, alice())
    with client:
        client.get("/queue?queue=view%3Durgent%26order%3Dnewest")
        parts = CarriedQueue.of(request, app.wsgi_app, app.url_map)
        assert parts
        assert events(parts, f"ticket:{ticket.number}")[0][1]["queue"] == "view=urgent&order=newest"
        client.get("/queue")
        assert CarriedQueue.of(request, app.wsgi_app, app.url_map) is None


def test_more_than_a_handful_at_once_is_left_to_the_list(app: Flask):
    tickets_there = [request_of_carol().number for _ in range(2)]
    parts = carried_for(browser_of(app, alice()))
    topics = [f"ticket:{number}" for number in (*tickets_there, *range(900000, 900000 + MOST_ROWS - 2))]
    assert len(events(parts, *topics)) == MOST_ROWS
    assert events(parts, *topics, "ticket:999999") == []


def test_notices_and_what_is_not_of_the_queue_carry_nothing(app: Flask):
    ticket = request_of_carol()
    assert events(carried_for(browser_of(app, alice())), f"notices:{ticket.number}", "writing", "escalations") == []


def test_the_counts_come_once_a_moment_after_the_change(app: Flask, monkeypatch):
    request_of_carol()
    client = browser_of(app, alice())
    parts = carried_for(client)
    assert events(parts, "queue") == []
    assert events(parts) == []
    monkeypatch.setattr(carried, "COUNTS_AFTER", (0, 0))
    assert events(late := carried_for(client), "queue") == [
        ("counts", {"queue": "view=open", "html": client.get("/queue/counts?view=open").text})
    ]
    assert events(late) == []


def test_what_is_carried_is_no_line_in_the_log(app: Flask, caplog):
    ticket = request_of_carol()
    client = browser_of(app, alice())
    parts = carried_for(client)
    caplog.set_level(logging.INFO)
    assert events(parts, f"ticket:{ticket.number}")
    assert "/queue/rows/" not in caplog.text
    row_of(client, ticket, "view=open")
    assert "/queue/rows/" in caplog.text


def test_a_part_of_a_page_renews_no_cookie_but_a_page_does(app: Flask):
    client = browser_of(app, alice())
    with client.session_transaction() as session:
        session.permanent = True
    assert "Set-Cookie" in client.get("/queue").headers
    assert "Set-Cookie" not in client.get("/queue/counts", headers={"HX-Request": "true"}).headers
    assert "Set-Cookie" in client.get("/queue").headers
