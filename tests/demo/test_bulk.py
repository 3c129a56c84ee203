"""Bulk requests: rows as the verbs would have left them, on both databases, resumable."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app import numbers
from app.clock import now
from app.demo.bulk import fill
from app.extensions import db
from app.models import Delivery, Event, EventKind, Holding, Message, NumberSeries, Promise, Rating, State, Ticket
from app.promises import Statement, is_kept

pytestmark = pytest.mark.timeout(180)  # a whole firm is made for each

MANY = 500


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def filled(app: Flask) -> Flask:
    assert fill(MANY, 1, lambda done, total: None) == MANY
    return app


def test_closed_requests_have_all_that_verbs_would_have_written(filled: Flask) -> None:
    closed = db.session.scalars(select(Ticket).where(Ticket.state == State.CLOSED)).all()
    assert len(closed) > MANY * 0.95
    holdings, promises, kinds = defaultdict(list), defaultdict(list), defaultdict(list)
    for holding in db.session.scalars(select(Holding).order_by(Holding.id)):
        holdings[holding.ticket_id].append(holding)
    for promise in db.session.scalars(select(Promise).order_by(Promise.id)):
        promises[promise.ticket_id].append(promise)
    for event in db.session.scalars(select(Event).order_by(Event.id)):
        kinds[event.ticket_id].append(event.kind)
    for ticket in closed:
        assert numbers.is_valid(ticket.number)
        assert not ticket.is_active
        assert ticket.next_alarm_at is None
        assert ticket.solved_at is not None
        assert ticket.closed_at is not None
        assert ticket.solved_at < ticket.closed_at <= now()
        assert {EventKind.REGISTERED, EventKind.TAKEN, EventKind.SOLVED, EventKind.CLOSED} <= set(kinds[ticket.id])
        _assert_ball(ticket, holdings[ticket.id])
        _assert_promises(ticket, promises[ticket.id])


def _assert_ball(ticket: Ticket, spans: list[Holding]) -> None:
    assert spans[0].started_at == ticket.created_at
    assert spans[-1].ended_at == ticket.solved_at
    gaps = [(one.ended_at, two.started_at) for one, two in pairwise(spans)]
    assert sum(end != start for end, start in gaps) <= ticket.reopened_count


def _assert_promises(ticket: Ticket, rows: list[Promise]) -> None:
    assert [row.kind for row in rows][:2] == ["reaction", "solution"]
    standing = [row for row in rows if row.superseded_at is None]
    assert len(standing) == 2
    assert standing[-1].due_at == ticket.due_at
    for row in rows:
        assert Statement.recall(row).due_at == row.due_at
        assert row.kept is None or (row.judged_at is not None and row.kept == is_kept(row.due_at, row.judged_at))
    assert ticket.solved_at is not None
    assert standing[-1].kept == is_kept(standing[-1].due_at, ticket.solved_at)


def test_five_messages_a_request_with_all_that_belongs_to_them(filled: Flask) -> None:
    per_request = list(db.session.scalars(select(func.count()).select_from(Message).group_by(Message.ticket_id)))
    assert 4.5 <= sum(per_request) / MANY <= 5.5
    assert max(per_request) > 10
    assert _count(Rating) > 100
    assert _count(Delivery) > MANY
    assert db.session.scalars(select(NumberSeries.used)).one() == MANY
    assert len(set(db.session.scalars(select(Ticket.number)))) == MANY
    if db.engine.dialect.name == "sqlite":  # whose foreign keys the fast road does not look up
        assert db.session.execute(text("PRAGMA foreign_key_check")).first() is None


def test_the_same_call_again_adds_nothing_and_a_larger_one_goes_on(filled: Flask) -> None:
    assert fill(MANY, 1, lambda done, total: None) == 0
    assert fill(MANY + 200, 1, lambda done, total: None) == 200
    assert _count(Ticket) == MANY + 200


def test_the_command_says_what_it_did(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "--requests", "20"])
    assert result.exit_code == 0, result.output
    assert "20 requests added" in result.output
