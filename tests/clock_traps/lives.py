"""What the cases of time share: a Monday in Moscow, the ledger read back, and a sweep at any moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app import alarms, clock, outbox, tickets
from app.extensions import db
from app.intake import Intake, receive
from app.models import Channel, Promise, Sweep, Ticket
from app.moments import NBSP
from app.tickets import Contribution
from tests.cast import acting, alice
from tests.history import ledger

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow, eight hours before closing
TUESDAY = MONDAY + timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def dues(ticket: Ticket) -> list[datetime]:
    """The solution's deadlines in the order in which they were stated."""
    return [promise.due_at for promise in ledger(ticket)]


def read(promise: Promise) -> str:
    return promise.why.replace(NBSP, " ")


def asks(ticket: Ticket, at: datetime, text: str = "Какой кабинет?") -> None:
    tickets.ask(ticket, Contribution(text), acting(alice()), at)
    outbox.commit()


def solves(ticket: Ticket, at: datetime) -> None:
    tickets.solve(ticket, Contribution("Готово"), acting(alice()), at)
    outbox.commit()


def answers(ticket: Ticket, at: datetime, channel: Channel = Channel.EMAIL, text: str = "Кабинет 312") -> None:
    receive(Intake(channel, text, at=at, email="carol@neva-trade.example", ticket=ticket))
    outbox.commit()


def sweep_at(moment: datetime) -> int:
    """Move the clock there and sweep, as if the desk had been sweeping all along."""
    clock.shift(moment - clock.now())
    with outbox.transaction():
        db.session.merge(Sweep(name=alarms.NAME, ended_at=moment - MINUTE, done=0, error=""))
    return alarms.sweep()
