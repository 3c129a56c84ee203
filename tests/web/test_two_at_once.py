"""Two presses at the same moment on staff pages: one thing is made, both are answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import event, select

from app import outbox, tickets
from app.accounts import links
from app.clock import now
from app.extensions import db
from app.models import Event, EventKind, Ticket
from app.models.account import LinkKind
from app.models.saved_view import SavedView
from app.models.staff import Staff
from tests.cast import acting, alice, bob, request_of_carol
from tests.web import accounts
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.usefixtures("app")


def at_once(*acts: Callable[[], object]) -> None:
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        act()

    hands = [threading.Thread(target=run, args=(act,)) for act in acts]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()


def test_one_view_is_kept_when_the_button_is_pressed_twice(app: Flask):
    browsers = [signed_in(app, alice()), signed_in(app, alice())]
    tokens = [one.open("/queue/narrowing").all("input", name="csrf_token")[0].get("value") for one in browsers]
    db.session.rollback()
    answers: list[int] = []

    def press(index: int, name: str) -> None:
        typed = {"name": name, "query": "view=open&channel=phone", "csrf_token": tokens[index]}
        answers.append(browsers[index].client.post("/queue/views", data=typed).status_code)

    for turn in range(6):
        at_once(partial(press, 0, f"Вид {turn}"), partial(press, 1, f"Вид {turn}"))
    assert answers == [303] * 12
    assert len(db.session.scalars(select(SavedView)).all()) == 6


def test_two_views_do_not_get_one_name(app: Flask):
    browsers = [signed_in(app, alice()), signed_in(app, alice())]
    for index in range(2):
        db.session.add(SavedView(staff_id=alice().id, name=str(index), query="view=open", created_at=now()))
    outbox.commit()
    tokens = [one.open("/queue/narrowing").all("input", name="csrf_token")[0].get("value") for one in browsers]
    views = list(db.session.scalars(select(SavedView.id).order_by(SavedView.id)))
    db.session.rollback()
    answers: list[int] = []

    def rename(index: int, name: str) -> None:
        typed = {"name": name, "query": "view=open", "csrf_token": tokens[index]}
        answers.append(browsers[index].client.post(f"/queue/views/{views[index]}/name", data=typed).status_code)

    for turn in range(6):
        at_once(partial(rename, 0, f"Вид {turn}"), partial(rename, 1, f"Вид {turn}"))
    assert sorted(answers) == [303] * 6 + [422] * 6


def test_two_who_take_the_nearest_at_once_get_two_requests(app: Flask):
    for _ in range(6):
        request_of_carol()
    people = [alice().id, bob().id]
    db.session.rollback()
    taken: list[str] = []

    def take(staff_id: int) -> None:
        with app.app_context():
            with outbox.transaction():
                ticket = tickets.take_nearest(acting(db.session.get_one(Staff, staff_id)), now())
                taken.append(ticket.number if ticket else "")
            db.session.remove()

    for _ in range(3):
        at_once(lambda: take(people[0]), lambda: take(people[1]))
    assert len(set(taken)) == 6
    assert "" not in taken
    assert {one.engineer_id for one in db.session.scalars(select(Ticket))} == set(people)
    assert len(db.session.scalars(select(Event).where(Event.kind == EventKind.TAKEN)).all()) == 6


@pytest.mark.parametrize("page", ["/tickets/{number}/call", "/staff/{staff}", "{link}"])
def test_who_only_looks_locks_nothing(app: Flask, page: str):
    """A page would wait for whoever writes, and hold back whoever names the row: all that a colleague does."""
    desk = signed_in(app, accounts.administrator())
    links.mail(alice(), LinkKind.RESET, now())
    address = page.format(number=request_of_carol().number, staff=alice().id, link=accounts.mailed_path())
    outbox.commit()
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    desk.open(address)
    assert asked
    assert [one for one in asked if "FOR UPDATE" in one] == []
