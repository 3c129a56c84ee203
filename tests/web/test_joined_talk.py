"""The conversations of merged requests on the page of the one that goes on: in order of time, marked, taken back."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import event

from app import clock, outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import Ticket
from app.tickets import Contribution
from tests.cast import acting, alice, bob, request_of_carol
from tests.web.browse import Browser, Page


def later() -> None:
    clock.shift(timedelta(minutes=1))


def merged() -> tuple[Ticket, Ticket]:
    """Two requests in which both sides spoke, the second merged into the first."""
    into = request_of_carol(text="Касса стоит")
    later()
    other = request_of_carol(text="Касса всё ещё стоит", whose="у кассира")
    later()
    tickets.note(other, Contribution("Смотрел <b>Боб</b>: кабель цел"), acting(bob()), now())
    later()
    tickets.reply(into, Contribution("Едем"), acting(alice()), now())
    later()
    tickets.merge(into, other, acting(alice()), now())
    outbox.commit()
    return into, other


def said(page: Page) -> list[tuple[str, str]]:
    """The text of each message shown, and where it is from."""
    found = []
    for one in page.root.iter("li"):
        if "message " in (one.get("class") or ""):
            text = next(each for each in one.iter("p") if "message__text" in (each.get("class") or ""))
            mark = next((each for each in one.iter("a") if each.get("class") == "message__origin"), None)
            found.append(("".join(text.itertext()), "" if mark is None else "".join(mark.itertext()).strip()))
    return found


def test_all_stands_in_order_of_time_with_a_mark_of_origin(alices: Browser):
    into, other = merged()
    page = alices.open(f"/tickets/{into.number}")
    assert said(page) == [
        ("Касса стоит", ""),
        ("Касса всё ещё стоит", f"из {other.number}"),
        ("Смотрел <b>Боб</b>: кабель цел", f"из {other.number}"),
        ("Едем", ""),
    ]
    assert "У кого: у кассира." in page.text
    assert [text for text, _from in said(alices.open(f"/tickets/{other.number}"))] == [
        "Касса всё ещё стоит",
        "Смотрел <b>Боб</b>: кабель цел",
    ]


def test_a_chain_of_merges_is_all_there(alices: Browser):
    into, other = merged()
    later()
    last = request_of_carol(text="Касса опять")
    tickets.merge(last, into, acting(alice()), now())
    outbox.commit()
    told = said(alices.open(f"/tickets/{last.number}"))
    assert {mark for _text, mark in told} == {"", f"из {into.number}", f"из {other.number}"}
    assert len(told) == 5


def test_taken_apart_it_is_gone(alices: Browser):
    into, other = merged()
    tickets.unmerge(other, into, acting(alice()), now())
    outbox.commit()
    assert [mark for _text, mark in said(alices.open(f"/tickets/{into.number}"))] == ["", ""]


def test_as_many_questions_are_asked_however_many_were_merged(app: Flask, alices: Browser):
    into, _other = merged()
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    alices.open(f"/tickets/{into.number}")
    one = len(asked)
    for place in range(4):
        tickets.merge(into, request_of_carol(text=f"Касса {place}"), acting(alice()), now())
    outbox.commit()
    asked.clear()
    alices.open(f"/tickets/{into.number}")
    assert len(asked) == one
