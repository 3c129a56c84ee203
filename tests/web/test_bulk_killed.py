"""Killed in the middle of an act on several requests: the list is true, it goes on or is undone, nothing is twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import bulk, clock, leftovers, outbox, tickets
from app.actor import Actor
from app.bulk.wanted import Wanted
from app.clock import now
from app.config import CONFIG_KEY
from app.extensions import db
from app.models import BulkAct, BulkKind, BulkRow, Event, Message, Staff, State, Ticket
from app.tickets import Contribution
from tests import forked, servers
from tests.cast import acting, alice, bob, request_of_carol
from tests.web.browse import Browser, Page
from tests.web.signing_in import browser_of, csrf_token
from tests.web.test_two_at_once import at_once

PRESS = """
from app import create_app
from app.extensions import db
from tests.cast import alice
from tests.web.signing_in import browser_of, csrf_token

app = create_app()
with app.app_context():
    client = browser_of(app, alice())
    token = csrf_token(client)
    db.session.rollback()
    client.post({address!r}, data={{**{typed!r}, "csrf_token": token}})
"""
KILLED = 137
WORDS = {"text": "Какая касса?", "form_key": "one form"}


@pytest.fixture
def chosen(app: Flask) -> list[Ticket]:
    bob()
    return [request_of_carol(text=text) for text in ("Касса стоит", "Принтер молчит", "Мышь")]


@pytest.fixture
def alices(app: Flask) -> Browser:
    browser = Browser(app)
    browser.client = browser_of(app, alice())
    return browser


def numbers(chosen: list[Ticket]) -> list[str]:
    return [one.number for one in chosen]


def killed(app: Flask, place: str, address: str, **typed: Any) -> None:
    """A process of its own, in which Alice sends a form, dies at that place."""
    alice()
    db.session.rollback()
    settings = app.config[CONFIG_KEY]
    own = servers.environment(settings.data_dir, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)
    pressed = forked.run(PRESS.format(address=address, typed=typed), {**own, "HELPDESK_FAILPOINT": place})
    assert pressed.returncode == KILLED, pressed.stderr
    db.session.expire_all()
    clock.shift(timedelta(seconds=20))


def said(text: str) -> int:
    return db.session.query(Message).filter_by(text=text).count()


def forms(page: Page) -> list[str]:
    """What the page offers to do with acts on several."""
    actions = [one.get("action") or "" for one in page.root.iter("form")]
    return [one.partition("?")[0].rpartition("/")[2] for one in actions if one.startswith("/queue/bulk/")]


def offered(page: Page, what: str) -> str:
    return next(a for one in page.root.iter("form") if f"/{what}" in (a := one.get("action") or "") and "bulk" in a)


@pytest.mark.trust("R39")
@pytest.mark.parametrize(("place", "done"), [("bulk {}", 1), ("bulk {} done", 2)])
def test_what_was_done_is_told_and_the_rest_is_done_at_a_press(
    app: Flask, alices: Browser, chosen: list[Ticket], place: str, done: int
):
    place = place.format(chosen[1].number)
    killed(app, place, "/queue/bulk/question", number=numbers(chosen), **WORDS)
    assert [one.state for one in chosen] == [State.WAITING] * done + [State.NEW] * (3 - done)
    page = alices.open("/queue?view=open")
    assert f"Прервано: сделано {done} из 3." in page.text
    assert "Какая касса?" in page.text
    assert forms(page) == ["rest", "undo"]
    page = alices.send(page, offered(page, "rest"))
    assert "Вопросов клиентам: 3" in page.text
    assert "Прервано" not in page.text
    assert {one.state for one in chosen} == {State.WAITING}
    assert said("Какая касса?") == 3
    assert forms(alices.open("/queue?view=open")) == []


@pytest.mark.trust("R39")
def test_what_was_done_is_undone_and_no_more_is_done(app: Flask, alices: Browser, chosen: list[Ticket]):
    tickets.take(chosen[0], acting(alice()), now())
    outbox.commit()
    form = {"number": numbers(chosen), "engineer": bob().id, "form_key": "one form"}
    killed(app, f"bulk {chosen[1].number} done", "/queue/bulk/assignment", **form)
    assert [one.engineer_id for one in chosen] == [bob().id, bob().id, None]
    page = alices.open("/queue?view=open")
    page = alices.send(page, offered(page, "undo"))
    assert "Отменено, заявок: 2" in page.text
    assert [one.engineer_id for one in chosen] == [alice().id, None, None]
    assert forms(page) == []
    act = db.session.query(BulkAct).one()
    assert bulk.go_on(act.id, acting(alice()), now()).undone_at
    assert chosen[2].engineer_id is None


@pytest.mark.trust("R39")
def test_an_undo_that_was_killed_is_undone_to_its_end_by_the_next_press(
    app: Flask, alices: Browser, chosen: list[Ticket]
):
    act = bulk.perform(Wanted(BulkKind.ASSIGN, engineer_id=bob().id), numbers(chosen), acting(alice()), now())
    killed(app, f"bulk {chosen[1].number}", f"/queue/bulk/{act.id}/undo")
    assert [one.engineer_id for one in chosen] == [None, bob().id, bob().id]
    page = alices.open("/queue?view=open")
    assert "Отмена прервана: отменено 1 из 3." in page.text
    assert forms(page) == ["undo"]
    page = alices.send(page, offered(page, "undo"))
    assert "Отменено, заявок: 3" in page.text
    assert {one.engineer_id for one in chosen} == {None}
    assert forms(alices.open("/queue?view=open")) == []


@pytest.mark.trust("R39")
def test_the_same_form_again_takes_it_up(app: Flask, alices: Browser, chosen: list[Ticket]):
    form = {"number": numbers(chosen), **WORDS}
    killed(app, f"bulk {chosen[1].number} done", "/queue/bulk/question", **form)
    form["csrf_token"] = csrf_token(alices.client)
    page = alices.post("/queue/bulk/question", data=form)
    assert "Вопросов клиентам: 3" in page.text
    assert forms(page) == ["undo"]
    assert said("Какая касса?") == 3
    assert db.session.query(BulkAct).count() == 1


def test_it_is_offered_to_its_author_alone_for_an_hour_and_not_while_it_goes_on(
    app: Flask, alices: Browser, chosen: list[Ticket]
):
    half(chosen)
    page = alices.open("/queue?view=open")
    assert "Ещё идёт: сделано 1 из 3." in page.text
    assert forms(page) == []
    clock.shift(timedelta(seconds=20))
    assert forms(alices.open("/queue?view=open")) == ["rest", "undo"]
    bobs = Browser(app)
    bobs.client = browser_of(app, bob())
    assert forms(bobs.open("/queue?view=open")) == []
    clock.shift(timedelta(hours=1))
    assert forms(alices.open("/queue?view=open")) == []
    clock.shift(timedelta(days=1))
    leftovers.sweep()
    assert [db.session.query(one).count() for one in (BulkAct, BulkRow)] == [0, 0]


def test_what_a_colleague_changed_meanwhile_is_not_done_with_the_rest(alices: Browser, chosen: list[Ticket]):
    half(chosen)
    tickets.take(chosen[2], acting(bob()), now())
    outbox.commit()
    clock.shift(timedelta(seconds=20))
    page = alices.open("/queue?view=open")
    page = alices.send(page, offered(page, "rest"))
    assert f"{chosen[2].number}: Пока вы смотрели, в заявке изменилось" in page.text
    assert [one.state for one in chosen] == [State.WAITING, State.WAITING, State.OPEN]


def test_what_was_refused_is_tried_again_by_the_same_form(app: Flask, chosen: list[Ticket]):
    wanted, by = Wanted(BulkKind.SOLVE, text="Готово", form_key="one form"), acting(alice())
    tickets.solve(chosen[0], Contribution("Уже решена"), by, now())
    outbox.commit()
    first = bulk.perform(wanted, numbers(chosen), by, now())
    assert [number for number, _why in first.refusals] == [chosen[0].number]
    tickets.reopen(chosen[0], Contribution("Не помогло"), by, now())
    outbox.commit()
    again = bulk.perform(wanted, numbers(chosen), by, now())
    assert (again.id, len(again.done), again.refusals) == (first.id, 3, [])
    assert said("Готово") == 3


def test_two_presses_at_the_same_moment_are_one_act(app: Flask, chosen: list[Ticket]):
    wanted = Wanted(BulkKind.ASSIGN, engineer_id=bob().id, form_key="one form")
    author, all_numbers = alice().id, numbers(chosen)
    db.session.rollback()
    acts: list[int] = []

    def pressed() -> None:
        with app.app_context():
            by = acting(db.session.get_one(Staff, author))
            acts.append(bulk.perform(wanted, all_numbers, by, now()).id)
            db.session.remove()

    at_once(pressed, pressed)
    assert len(set(acts)) == 1
    act = bulk.undo(acts[0], acting(alice()), now())
    assert len(act.undone) == 3
    assert set(db.session.scalars(select(Ticket.engineer_id))) == {None}


def test_an_undo_in_the_middle_stops_it(app: Flask, chosen: list[Ticket]):
    wanted = Wanted(BulkKind.ASSIGN, engineer_id=bob().id)
    author, all_numbers = alice().id, [*numbers(chosen), request_of_carol(text="Ещё").number]
    db.session.rollback()
    is_begun = threading.Event()

    def as_author(act: Callable[[Actor], object]) -> None:
        with app.app_context():
            act(acting(db.session.get_one(Staff, author)))
            db.session.remove()

    def perform(by: Actor) -> None:
        bulk.perform(wanted, all_numbers, by, now(), lambda _ticket: is_begun.set())

    def undo(by: Actor) -> None:
        db.session.rollback()
        assert is_begun.wait(30)
        bulk.undo(db.session.scalars(select(BulkAct.id)).one(), by, now())

    at_once(lambda: as_author(perform), lambda: as_author(undo))
    assert set(db.session.scalars(select(Ticket.engineer_id))) == {None}
    act = db.session.scalars(select(BulkAct)).one()
    assert act.undone_at
    assert len(act.undone) == len(act.done)
    assert act.refusals == []


def half(chosen: list[Ticket]) -> None:
    """As a death after the first of them leaves it."""
    shown = db.session.scalar(select(func.max(Event.id)))
    wanted = Wanted(BulkKind.ASK, text="Какая касса?", shown=shown)
    act = bulk.perform(wanted, numbers(chosen)[:1], acting(alice()), now())
    act.numbers, act.wanted, act.ended_at = numbers(chosen), wanted.kept(), None
    outbox.commit()
