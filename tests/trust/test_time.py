"""Time that jumps, a queue that forgets it, and a mail server that is away for days: nothing closes too early."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

from app import alarms, clock, notify, outbox, tickets
from app.config import CONFIG_KEY
from app.extensions import db
from app.models import Cause, Escalation, Mailbox, State, Sweep, Ticket
from app.tickets import Contribution
from tests import forked, servers
from tests.cast import acting, alice, neva_trade, request_of_carol
from tests.notify.mail_server import MailServer
from tests.processes.desk import ROOT, free_port

pytestmark = pytest.mark.timeout(180)  # real processes, on a machine that others use too

CAROL = "carol@neva-trade.example"
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SWEEP = """
from wsgi import app
raise SystemExit(app.test_cli_runner().invoke(args=['sweep'], catch_exceptions=False).exit_code)
"""


@pytest.fixture
def desk(make_app: Callable[..., Flask], server: MailServer) -> Iterator[Flask]:
    app = make_app(MAIL_SERVER="127.0.0.1", MAIL_PORT=str(server.port), MAIL_TIMEOUT="3s")
    with app.app_context():
        company = neva_trade()
        company.notice_email = ""
        outbox.commit()
        yield app


def solved(at: datetime) -> Ticket:
    """Carol's request, solved; the letter is owed."""
    ticket = request_of_carol(at)
    tickets.solve(ticket, Contribution("Готово"), acting(alice()), at)
    outbox.commit()
    return ticket


def to(moment: datetime) -> None:
    clock.shift(moment - clock.now())


def hours_pass(until: datetime, every: timedelta = timedelta(hours=4)) -> None:
    """The desk works on through the hours: letters are tried, deadlines swept, as by its clock."""
    while clock.now() < until:
        to(min(until, clock.now() + every))
        notify.run()
        with outbox.transaction():
            db.session.merge(Sweep(name=alarms.NAME, ended_at=clock.now() - timedelta(minutes=1), done=0, error=""))
        alarms.sweep()


def state_of(ticket: Ticket) -> State:
    db.session.rollback()
    return db.session.get_one(Ticket, ticket.id, populate_existing=True).state


@pytest.mark.trust("R25")
def test_four_days_without_mail_close_nothing_and_then_72_hours_run(desk: Flask, server: MailServer) -> None:
    to(MONDAY)
    ticket = solved(MONDAY)
    desk.extensions["mail"].port = free_port()  # nobody listens there
    hours_pass(MONDAY + 4 * DAY)
    assert state_of(ticket) is State.SOLVED
    desk.extensions["mail"].port = server.port
    hours_pass(MONDAY + 4 * DAY + 5 * HOUR, every=timedelta(minutes=30))
    [solution] = [letter for letter in server.to(CAROL) if "решена" in str(letter["Subject"])]
    accepted_at = db.session.get_one(Ticket, ticket.id, populate_existing=True).close_at
    assert accepted_at is not None
    assert accepted_at >= MONDAY + 4 * DAY + 72 * HOUR
    hours_pass(accepted_at - timedelta(minutes=1), every=timedelta(hours=12))
    assert state_of(ticket) is State.SOLVED
    hours_pass(accepted_at + timedelta(minutes=1))
    assert state_of(ticket) is State.CLOSED
    assert solution["X-HelpDesk-Ticket"] == ticket.number


@pytest.mark.trust("R25")
def test_a_refused_solution_never_closes(desk: Flask, server: MailServer) -> None:
    to(MONDAY)
    ticket = solved(MONDAY)
    server.refused[CAROL] = "550 5.1.1 No such mailbox"
    hours_pass(MONDAY + 8 * DAY, every=timedelta(hours=12))
    assert state_of(ticket) is State.SOLVED
    assert Cause.UNDELIVERED in db.session.scalars(select(Escalation.cause).where(Escalation.ticket_id == ticket.id))


@pytest.mark.trust("R26")
def test_with_the_mailbox_away_at_the_moment_of_closing_the_request_stays_open(
    make_app: Callable[..., Flask], server: MailServer
) -> None:
    boxes = "imap://info:hush@127.0.0.1:1/INBOX,imap://info:hush@127.0.0.1:1/Sales"
    app = make_app(MAIL_SERVER="127.0.0.1", MAIL_PORT=str(server.port), IMAP_URL=boxes)
    with app.app_context():
        to(MONDAY)
        ticket = solved(MONDAY)
        hours_pass(MONDAY + 80 * HOUR)
        assert state_of(ticket) is State.SOLVED
        close_at = ticket.close_at
        assert close_at
        first, second = (Mailbox(name=name, reading_began_at=close_at + HOUR) for name in ("one", "two"))
        second.reading_began_at = close_at - timedelta(seconds=1)  # begun before, it may have missed the answer
        db.session.add_all([first, second])
        outbox.commit()
        hours_pass(MONDAY + 90 * HOUR)
        assert state_of(ticket) is State.SOLVED
        second.reading_began_at = close_at + timedelta(seconds=1)
        outbox.commit()
        hours_pass(MONDAY + 95 * HOUR)
        assert state_of(ticket) is State.CLOSED


@pytest.mark.trust("R21")
def test_a_deadline_that_redis_forgot_is_kept_by_sql(desk: Flask) -> None:
    to(MONDAY)
    ticket = request_of_carol(MONDAY)
    with Redis.from_url(desk.config[CONFIG_KEY].redis_url) as redis:
        redis.flushall()
    hours_pass(MONDAY + 9 * HOUR)
    causes = set(db.session.scalars(select(Escalation.cause).where(Escalation.ticket_id == ticket.id)))
    assert Cause.MISSED in causes


def sweep_process(desk: Flask, ahead: str = "") -> None:
    """`flask sweep` in a process of its own, whose whole clock may stand ahead."""
    settings = desk.config[CONFIG_KEY]
    own = servers.environment(
        settings.data_dir,
        DATABASE_URL=settings.database_url,
        REDIS_URL=settings.redis_url,
        MAIL_SERVER=settings.mail_server,
        MAIL_PORT=str(settings.mail_port),
    )
    environment = {**own, "PATH": os.environ["PATH"], "FLASK_APP": "wsgi.py", "DONT_FAKE_MONOTONIC": "1"}
    if not ahead:
        done = forked.run(SWEEP, environment)
    else:
        done = subprocess.run(
            ["faketime", "-f", ahead, str(ROOT / ".venv/bin/flask"), "sweep"],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr


@pytest.mark.trust("R22")
def test_a_desk_that_wakes_a_week_ahead_closes_nothing_at_once(desk: Flask) -> None:
    ticket = solved(clock.now())
    sweep_process(desk)  # the solution leaves, its 72 hours run
    sweep_process(desk)  # and the moment of closing is set
    assert state_of(ticket) is State.SOLVED
    assert ticket.close_at is not None
    db.session.rollback()
    sweep_process(desk, "+7d")
    sweep_process(desk, "+7d")
    assert state_of(ticket) is State.SOLVED
    troubles = select(Escalation.subject).where(Escalation.cause == Cause.SYSTEM)
    assert "sweep" in db.session.scalars(troubles).all()
    db.session.rollback()
    now = clock.now() + 7 * DAY + HOUR
    with outbox.transaction():  # an hour of sweeps later
        db.session.merge(Sweep(name=alarms.NAME, ended_at=now, done=0, error=""))
    sweep_process(desk, f"+{7 * 24 * 60 + 65}m")
    assert state_of(ticket) is State.CLOSED


@pytest.mark.trust("R23")
def test_a_desk_that_wakes_a_day_back_repeats_no_letter(desk: Flask, server: MailServer) -> None:
    request_of_carol()
    sweep_process(desk)
    assert len(server.to(CAROL)) == 1
    sweep_process(desk, "-1d")
    sweep_process(desk)  # in service hours the head hears of the clock
    assert len(server.to(CAROL)) == 1
