"""Colleagues named in a note are told by letter and in Telegram; nobody else is."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app import notify, outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import Delivery, Event, EventKind
from app.tickets import Contribution
from app.tickets.mentions import mentioned
from app.web import links
from tests.cast import acting, alice, bob, masha, request_of_carol, staff
from tests.web.acting import action, address
from tests.web.browse import Browser
from tests.web.signing_in import signed_in


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Белов, посмотри", ["bob"]),
        ("спросить @БЕЛОВ и @иванова.", ["bob", "masha"]),
        ("(@Белов)", ["bob"]),
        ("office@белов.рф", []),
        ("@Беловский @", []),
        ("Белов", []),
        ("@Орлова", ["alice"]),
        ("@Семёнов ушёл", []),
    ],
)
def test_who_is_named(app: Flask, text: str, named: list[str]):
    cast = {"alice": alice().id, "bob": bob().id, "masha": masha().id}
    staff("Иван Семенов", email="gone@stek.example").is_disabled = True
    outbox.commit()
    assert mentioned(text) == sorted(cast[name] for name in named)


def test_those_named_are_told_and_their_author_is_not(app: Flask):
    bob(), masha()
    ticket = request_of_carol()
    browser = signed_in(app, alice())
    page = browser.open(address(ticket))
    words = "@Белов <b>глянь</b>, я (@Орлова) занята"
    page = browser.send(page, action(page, f"{address(ticket)}/reply"), kind="note", text=words)
    assert words in page.text
    event = db.session.scalars(select(Event).where(Event.kind == EventKind.NOTED)).one()
    assert event.data == {"mentions": sorted([alice().id, bob().id])}
    notify.drain()
    told = db.session.execute(select(Delivery.notice, Delivery.recipient).where(Delivery.event_id == event.id))
    assert [tuple(row) for row in told] == [("mentioned", bob().email)]
    assert "глянь" not in Browser(app).open(f"/r/{links.token_of(ticket)}").text


def test_one_who_left_since_hears_nothing(app: Flask):
    ticket = request_of_carol()
    gone = staff("Пётр Ушаков", email="gone@stek.example")
    tickets.note(ticket, Contribution("@Ушаков, как было?"), acting(alice()), now())
    gone.is_disabled = True
    outbox.commit()
    notify.drain()
    assert not db.session.scalars(select(Delivery.id).where(Delivery.notice == "mentioned")).all()
