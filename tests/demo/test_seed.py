"""The demo firm: sixty requests in every state, told once, with nothing left to mail."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import duty, numbers, outbox
from app.clock import now
from app.demo.firm import found
from app.demo.seed import seed
from app.demo.stories import steps, stories
from app.duty import handover
from app.extensions import db
from app.models import Delivery, DeliveryState, Event, Holding, Message, Promise, Staff, State, Ticket
from app.sessions import check_password
from app.terms import terms_for

pytestmark = pytest.mark.timeout(180)  # a whole firm is made for each


def test_twice_is_once_and_a_desk_in_use_gets_nothing(app: Flask) -> None:
    first, second = seed(), seed()
    assert first.requests == len(stories()) == 60
    assert second.requests == 0
    assert second.sign_ins == first.sign_ins
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 60
    (app.config["HELPDESK"].data_dir / "demo-sign-ins.json").unlink()
    result = app.test_cli_runner().invoke(args=["demo", "seed"])
    assert result.exit_code == 0
    assert "Nothing was added" in result.output


def test_every_story_ends_in_its_state_and_nothing_of_the_past_is_mailed(app: Flask) -> None:
    seed()
    told = {ticket.what: ticket.state for ticket in db.session.scalars(select(Ticket))}
    assert told == {story.what: story.state for story in stories()}
    assert set(told.values()) == set(State)
    assert len(db.session.scalars(select(Message.id)).all()) > 150
    assert db.session.scalars(select(Event).where(Event.drain_at.is_not(None))).first() is None
    assert set(db.session.scalars(select(Delivery.state))) == {DeliveryState.ACCEPTED}
    assert db.session.scalars(select(Delivery).where(Delivery.next_attempt_at.is_not(None))).first() is None
    for ticket in db.session.scalars(select(Ticket)):
        assert numbers.is_valid(ticket.number)
        spans = db.session.scalars(select(Holding).where(Holding.ticket_id == ticket.id).order_by(Holding.id)).all()
        assert spans[0].started_at == ticket.created_at
        assert (spans[-1].ended_at is None) == ticket.is_active
        assert len(set(db.session.scalars(select(Promise.kind).where(Promise.ticket_id == ticket.id)))) == 2


def test_sign_ins_work_and_are_drawn_anew_for_every_desk(app: Flask) -> None:
    seed()
    path = app.config["HELPDESK"].data_dir / "demo-sign-ins.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert path.stat().st_mode & 0o077 == 0
    assert len({row["password"] for row in kept}) == len(kept)
    assert {row["email"] for row in kept} == set(db.session.scalars(select(Staff.email)))
    assert check_password(kept[0]["email"], kept[0]["password"]) is not None


def test_moments_of_a_story_lie_in_the_past_and_in_order(app: Flask) -> None:
    moment = now()
    with outbox.transaction():
        company = found(moment).companies[0]
    for story in stories():
        moments = [step.at for step in steps(story, terms_for(company, moment), moment, random.Random(1))]
        assert moments == sorted(moments)
        assert moments[-1] < moment


@pytest.mark.usefixtures("app")
def test_somebody_is_on_duty_round_the_clock_and_a_note_is_handed_over() -> None:
    seed()
    at, end = now(), now() + timedelta(weeks=3)
    spans = list(duty.read(at, end).spans(at, end))
    assert all(len(span.people) >= 1 for span in spans)
    assert len({span.people[0].id for span in spans}) >= 4
    assert len(duty.on_duty(at)) == 2
    assert [note.at < at for note in handover.unread()] == [True]
